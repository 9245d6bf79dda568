using System.CommandLine;
using CertsTool.Certificates;
using CertsTool.Checks;
using CertsTool.Folder;
using Org.BouncyCastle.X509;

namespace CertsTool.Commands;

/// <summary><c>show FILE_OR_NAME</c>: one certificate, readable, with what is odd about it.</summary>
internal static class ShowCommand
{
    public static Command Create(CommonOptions common)
    {
        var subject = new Argument<string>("FILE_OR_NAME") { Description = "a certificate's file, a client's name, \"server\" or \"ca\"" };
        return common.Make("show", "Shows one certificate with what is odd about it", "certs-tool show alice", [subject], result => Show(common, common.Folder(result), result.GetValue(subject)!));
    }

    private static int Show(CommonOptions common, PkiFolder folder, string subject)
    {
        var file = File.Exists(subject) ? subject : subject == "ca" ? folder.Authority : folder.Named(subject).Certificate;
        if (!File.Exists(file))
        {
            throw new ToolException(ToolException.Usage, $"there is no file \"{Terminal.Plain(subject)}\", and {folder.Path} has no certificate of that name\nsee what there is with: certs-tool list");
        }

        IReadOnlyList<X509Certificate> authorities = File.Exists(folder.Authority) ? PemFile.ReadCertificates(folder.Authority) : [];
        var entries = File.Exists(folder.Inventory) ? Inventory.Read(folder).Certificates : [];
        foreach (var certificate in file == subject ? VerifyCommand.ReadGiven(file) : PemFile.ReadCertificates(file))
        {
            Print(common.Session, file, certificate, authorities, entries.FirstOrDefault(entry => entry.Sha256 == CertificateFacts.Sha256(certificate)));
        }

        return 0;
    }

    private static void Print(Session session, string file, X509Certificate certificate, IReadOnlyList<X509Certificate> authorities, InventoryEntry? entry)
    {
        var terminal = session.Terminal;
        var (from, until, now) = (CertificateFacts.NotBefore(certificate), CertificateFacts.NotAfter(certificate), session.Now);
        void Line(string label, Func<string> text) => terminal.Print($"{label + ":",-12} {Terminal.Plain(Readable(text))}");
        Line("file", () => file);
        Line("subject", () => certificate.SubjectDN.ToString());
        Line("issuer", () => certificate.IssuerDN.ToString());
        Line("serial", () => CertificateFacts.Serial(certificate));
        Line("valid from", () => $"{from:yyyy-MM-dd HH:mm:ss} UTC");
        Line("valid until", () => $"{until:yyyy-MM-dd HH:mm:ss} UTC ({(until < now ? "ended" : $"{(until - now).Days} days left")})");
        Line("purpose", () => CertificateFacts.IsAuthority(certificate) ? "certificate authority" : string.Join(", ", CertificateFacts.Purposes(certificate).Select(Purpose)));
        Line("names", () => string.Join(", ", CertificateFacts.Hosts(certificate)));
        Line("groups", () => string.Join(", ", CertificateFacts.Groups(certificate)));
        Line("key", () => KeyKind.Of(certificate.SubjectPublicKeyInfo));
        Line("pin", () => CertificateFacts.Spki(certificate));
        Line("sha-256", () => CertificateFacts.Sha256(certificate));
        Line("state", () => entry is null ? "not in this folder's inventory"
            : entry.State == CertificateState.Revoked ? $"revoked on {entry.Revoked:yyyy-MM-dd HH:mm} UTC ({entry.Reason ?? RevocationReason.Unspecified})"
            : entry.StateAt(now) + (entry.Replaced ? ", replaced by a renewal" : ""));
        foreach (var finding in CertificateLint.Check(certificate, authorities, now))
        {
            terminal.Warn($"{"odd:",-12} {Terminal.Plain(finding)}");
        }
    }

    /// <summary>One part that cannot be read does not hide the others.</summary>
    private static string Readable(Func<string> text)
    {
        try
        {
            return text();
        }
        catch (Exception e) when (PemFile.IsUnreadable(e))
        {
            return "cannot be read";
        }
    }

    private static string Purpose(string id) => id switch
    {
        "1.3.6.1.5.5.7.3.1" => "server",
        "1.3.6.1.5.5.7.3.2" => "client",
        _ => id,
    };
}
