using System.CommandLine;
using CertsTool.Certificates;
using CertsTool.Folder;

namespace CertsTool.Commands;

/// <summary><c>needs-renewal</c>: the answer as an exit code, as systemd's ExecCondition reads it (0 go on, 1 skip, 255 fail).</summary>
internal static class NeedsRenewalCommand
{
    private static readonly TimeSpan Default = TimeSpan.FromDays(14);

    public static Command Create(CommonOptions common)
    {
        var name = new Argument<string>("NAME|server") { Description = "whose certificate" };
        var within = new Option<string>("--within") { HelpName = "TIME", Description = "how long before its end (default 14d)" };
        return common.Make(
            "needs-renewal", "Tells whether a certificate has to be renewed: exit 0 yes, 1 no, 255 cannot tell", "certs-tool needs-renewal server --within 30d && certs-tool renew server", [name, within], result =>
            {
                try
                {
                    var time = CommonOptions.Text(result, within) is { } text ? CommonOptions.Duration(text) : Default;
                    return Answer(common.Session, common.Folder(result), result.GetValue(name)!, time);
                }
                catch (ToolException e)
                {
                    throw new ToolException(ToolException.CannotTell, e.Message);
                }
                catch (Exception e) when (e is IOException or UnauthorizedAccessException)
                {
                    throw new ToolException(ToolException.CannotTell, e.Message);
                }
            });
    }

    private static int Answer(Session session, PkiFolder folder, string name, TimeSpan within)
    {
        var now = session.SigningTime;
        var current = CurrentCertificate.Find(folder, Inventory.Read(folder), folder.Named(name));
        var (from, until) = (CertificateFacts.NotBefore(current.Certificate), CertificateFacts.NotAfter(current.Certificate));
        if (now < from)
        {
            throw new ToolException(ToolException.CannotTell, $"this machine's clock says {now:yyyy-MM-dd HH:mm}, and the certificate is valid from {from:yyyy-MM-dd HH:mm} on\nset the clock");
        }

        if (current.Entry.State == CertificateState.Revoked)
        {
            session.Terminal.Print($"no: it was revoked, and whether \"{name}\" gets another is for a person to say: certs-tool renew {name}");
            return ToolException.Found;
        }

        var retired = current.Entry.State == CertificateState.Retired || current.IsBeingRetired(Authorities.ReadCertificates(folder));
        var due = until - now <= within;
        session.Terminal.Print(retired ? $"yes: it is of a CA that is being replaced: certs-tool renew {name}"
            : due ? $"yes: it {(until < now ? "ended" : "ends")} on {until:yyyy-MM-dd}: certs-tool renew {name}"
            : $"no: it is good until {until:yyyy-MM-dd}");
        return retired || due ? 0 : ToolException.Found;
    }
}
