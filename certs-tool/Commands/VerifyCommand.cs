using System.CommandLine;
using CertsTool.Certificates;
using CertsTool.Checks;
using CertsTool.Folder;

namespace CertsTool.Commands;

/// <summary><c>verify [FILE…]</c>: chain, dates, purpose, keys, modes and the revocation list; without files the whole folder.</summary>
internal static class VerifyCommand
{
    public static Command Create(CommonOptions common)
    {
        var files = new Argument<string[]>("FILE") { Description = "certificates (default: everything in the folder)", Arity = ArgumentArity.ZeroOrMore };
        return common.Make("verify", "Checks certificates, or the whole folder", "certs-tool verify", [files], result => Verify(common, common.Folder(result), result.GetValue(files) ?? []));
    }

    private static int Verify(CommonOptions common, PkiFolder folder, string[] files)
    {
        var terminal = common.Session.Terminal;
        var now = common.Session.Now;
        var authorities = Authorities.ReadCertificates(folder);
        List<string> findings = [];
        foreach (var file in files.Length > 0 ? [.. files] : folder.Bundles.Select(bundle => bundle.Certificate))
        {
            findings.AddRange(CertificateLint.Check(PemFile.ReadCertificate(file), authorities, now).Select(finding => $"{file}: {finding}"));
        }

        if (files.Length == 0)
        {
            Inventory.Read(folder);
            var secret = folder.Bundles.Select(bundle => bundle.Key).Append(folder.AuthorityKey);
            findings.AddRange(secret.Where(path => Posix.Facts(path) is { } facts && (facts.Mode & PkiFolder.OthersMayAnything) != 0).Select(path => $"{path}: others may read it"));
        }

        findings.ForEach(terminal.Print);
        terminal.Print(findings.Count == 0 ? "everything is in order" : $"{findings.Count} finding(s)");
        return findings.Count == 0 ? 0 : ToolException.Found;
    }
}
