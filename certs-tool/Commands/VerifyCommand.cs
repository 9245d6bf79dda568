using System.CommandLine;
using CertsTool.Certificates;
using CertsTool.Checks;
using CertsTool.Folder;

namespace CertsTool.Commands;

/// <summary><c>verify [FILE…]</c>: chain, dates, purpose, keys, modes, owners and revocation lists; without files the whole folder.</summary>
internal static class VerifyCommand
{
    public static Command Create(CommonOptions common)
    {
        var files = new Argument<string[]>("FILE") { Description = "certificates (default: everything in the folder)", Arity = ArgumentArity.ZeroOrMore };
        var repair = new Option<bool>("--repair") { Description = "build the inventory anew from the certificates and lists on disk, and close what others can get at" };
        return common.Make("verify", "Checks certificates, or the whole folder: exit 0 in order, 1 something is odd, 3 something is damaged", "certs-tool verify\ncerts-tool verify --repair", [files, repair, common.PassphraseFile], result =>
        {
            var folder = common.Folder(result);
            var given = result.GetValue(files) ?? [];
            if (given.FirstOrDefault(file => file.StartsWith('-')) is { } option)
            {
                throw new ToolException(ToolException.Usage, $"unknown option \"{Terminal.Plain(option)}\" (a file of that name is ./{Terminal.Plain(option)})\nsee: certs-tool verify --help");
            }

            if (given.Length > 0)
            {
                return result.GetValue(repair)
                    ? throw new ToolException(ToolException.Usage, "--repair is for the folder, not for files")
                    : Files(common.Session, folder, given);
            }

            if (!Directory.Exists(folder.Path))
            {
                throw folder.HasNoAuthority();
            }

            if (result.GetValue(repair))
            {
                Mend(common.Session, folder);
            }

            return Whole(common, result, folder);
        });
    }

    private static void Mend(Session session, PkiFolder folder)
    {
        var now = session.SigningTime;
        FolderLock.Close(folder);
        using var held = FolderLock.Take(folder, session.Terminal);
        var done = Repair.Run(folder, now);
        foreach (var line in done)
        {
            session.Terminal.Print(line);
        }

        session.Terminal.Print(done.Count == 0 ? "nothing to repair" : "repaired; what is left to do:");
    }

    private static int Whole(CommonOptions common, ParseResult result, PkiFolder folder)
    {
        var terminal = common.Session.Terminal;
        var passphrase = CommonOptions.Text(result, common.PassphraseFile) is { } file ? common.ReadPassphrase(file) : null;
        using var held = FolderLock.TakeToRead(folder, terminal);
        if (!File.Exists(folder.Authority) && !File.Exists(folder.Inventory) && !File.Exists(folder.AuthorityKey) && !Directory.Exists(folder.Committed))
        {
            throw folder.HasNoAuthority();
        }

        var findings = FolderCheck.Run(folder, () => passphrase, common.Session.Now);
        foreach (var finding in findings)
        {
            terminal.Warn(Terminal.Plain(finding.ToString()));
        }

        foreach (var note in FolderCheck.Notes(folder, common.Session.Now))
        {
            terminal.Note($"note: {note}");
        }

        terminal.Print(findings.Count == 0 ? "everything is in order" : $"{findings.Count} finding(s)");
        return findings.Any(finding => finding.Damage) ? ToolException.Damaged : findings.Count > 0 ? ToolException.Found : 0;
    }

    private static int Files(Session session, PkiFolder folder, string[] files)
    {
        var authorities = File.Exists(folder.Authority) ? Authorities.ReadCertificates(folder) : throw folder.HasNoAuthority();
        var revoked = RevocationLists.ReadTrusted(folder, authorities).Values.SelectMany(RevocationLists.Entries).ToLookup(entry => entry.Serial);
        var count = 0;
        foreach (var file in files)
        {
            foreach (var certificate in ReadGiven(file))
            {
                var findings = CertificateLint.Check(certificate, authorities, session.Now)
                    .Concat(revoked[certificate.SerialNumber].Select(entry => $"revoked: on {entry.Time:yyyy-MM-dd HH:mm} UTC ({entry.Reason ?? RevocationReason.Unspecified})")).ToList();
                findings.ForEach(finding => session.Terminal.Warn(Terminal.Plain($"{file}: {finding}")));
                count += findings.Count;
            }
        }

        session.Terminal.Print(count == 0 ? "everything is in order" : $"{count} finding(s)");
        return count == 0 ? 0 : ToolException.Found;
    }

    /// <summary>A file that a person names and that is none is their slip, not the folder's damage.</summary>
    public static IReadOnlyList<Org.BouncyCastle.X509.X509Certificate> ReadGiven(string file)
    {
        try
        {
            return PemFile.ReadCertificates(file);
        }
        catch (ToolException e)
        {
            throw new ToolException(ToolException.Usage, e.Message);
        }
    }
}
