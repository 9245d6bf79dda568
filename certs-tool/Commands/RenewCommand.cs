using System.CommandLine;
using CertsTool.Certificates;
using CertsTool.Folder;

namespace CertsTool.Commands;

/// <summary><c>renew NAME|server</c> and <c>renew --expiring 14d</c>: the next certificate before the one in use ends.</summary>
internal static class RenewCommand
{
    public static Command Create(CommonOptions common)
    {
        var name = new Argument<string>("NAME|server") { Description = "whose certificate", Arity = ArgumentArity.ZeroOrOne };
        var expiring = new Option<string>("--expiring") { HelpName = "TIME", Description = "everything that ends within this time, as in 14d, or is of a CA that a rotation replaces" };
        var keep = new Option<bool>("--keep-key") { Description = "keep the key: a policy that pins it goes on working" };
        var revoke = new Option<bool>("--revoke-old") { Description = "revoke the certificate before; else it stays valid until its end" };
        return common.Make(
            "renew", "Renews certificates: same subject and names, a new key", "certs-tool renew alice --revoke-old\ncerts-tool renew --expiring 14d", [name, expiring, keep, revoke, common.Valid, common.Host, common.Key, common.PassphraseFile], result =>
            {
                var within = CommonOptions.Text(result, expiring) is { } text ? CommonOptions.Duration(text) : (TimeSpan?)null;
                var holder = result.GetValue(name);
                if (holder is null == within is null)
                {
                    throw new ToolException(ToolException.Usage, "renew either one holder or --expiring TIME\nfor example: certs-tool renew alice, or certs-tool renew --expiring 14d");
                }

                var hosts = common.Hosts(result);
                if (hosts.Count > 0 && holder != "server")
                {
                    throw new ToolException(ToolException.Usage, "--host is for the server: certs-tool renew server --host NAME");
                }

                var options = new RenewalOptions(result.GetValue(keep), result.GetValue(revoke), CommonOptions.Text(result, common.Key) is { } kind ? KeyKind.Check(kind) : null, common.Validity(result), hosts);
                return Renew(common, common.Folder(result), holder, within, options, common.Passphrase(result));
            });
    }

    private static int Renew(CommonOptions common, PkiFolder folder, string? holder, TimeSpan? within, RenewalOptions options, Func<string?> passphrase)
    {
        var terminal = common.Session.Terminal;
        var now = common.Session.SigningTime;
        var only = holder is null ? null : folder.Named(holder);
        using var held = FolderLock.Take(folder, terminal);
        var inventory = Inventory.Read(folder);
        var authorities = Authorities.Load(folder, passphrase);
        var worst = 0;
        var due = only is not null ? [only] : Due(folder, inventory, authorities, now + within!.Value).ToList();
        foreach (var bundle in due)
        {
            try
            {
                var current = CurrentCertificate.Find(folder, inventory, bundle);
                var made = Renewal.Make(folder, authorities, ref inventory, current, options, now);
                terminal.Print($"renewed {bundle.Path}, valid until {CertificateFacts.NotAfter(made):yyyy-MM-dd}");
                terminal.Print(options.RevokeOld ? $"  the one before (serial {current.Entry.Serial}) is revoked" : $"  the one before (serial {current.Entry.Serial}) is {(current.Entry.State == CertificateState.Valid ? $"good until {current.Entry.NotAfter:yyyy-MM-dd}" : current.Entry.State)}");
                IssueCommands.WarnOfEnd(terminal, made, authorities.For(bundle.Kind, now).Certificate);
                if (!options.KeepKey)
                {
                    terminal.Print($"  its key is new: a policy that pins it needs spki: \"{CertificateFacts.Spki(made)}\"");
                }
            }
            catch (ToolException e) when (due.Count > 1)
            {
                terminal.Note(e.Message);
                worst = Math.Max(worst, e.ExitCode == ToolException.Usage ? ToolException.Found : e.ExitCode);
            }
        }

        terminal.Print(due.Count == 0 ? $"nothing ends within {within!.Value.TotalDays:0.#} days"
            : due.All(bundle => bundle.Kind == "server") ? "next: nothing: a running gateway takes the new certificate by itself"
            : $"next: give each client its new files from {folder.In("clients")}");
        return worst;
    }

    /// <summary>What is in use and ends in time, or comes from a CA that a rotation replaces. Nobody who was revoked comes back by a timer.</summary>
    private static IEnumerable<Bundle> Due(PkiFolder folder, Inventory inventory, Authorities authorities, DateTimeOffset until) => inventory.Certificates
        .Where(entry => entry is { Kind: not "ca", Replaced: false, State: CertificateState.Valid or CertificateState.Retired })
        .Where(entry => entry.NotAfter <= until || (entry.Kind == "client" && (entry.Authority ?? authorities.FirstId) != authorities.Current.Id))
        .Select(entry => folder.Bundle(entry.Kind, entry.Name))
        .DistinctBy(bundle => bundle.Path);
}
