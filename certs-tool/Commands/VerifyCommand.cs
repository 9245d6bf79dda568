using System.CommandLine;
using Org.BouncyCastle.Security;
using Org.BouncyCastle.X509;

namespace CertsTool.Commands;

/// <summary><c>verify [FILE…]</c>: chain, dates, purpose, keys, modes and the revocation list; without files the whole folder.</summary>
internal static class VerifyCommand
{
    public static Command Create(CommonOptions common)
    {
        var files = new Argument<string[]>("FILE") { Description = "certificates (default: everything in the folder)", Arity = ArgumentArity.ZeroOrMore };
        var command = new Command("verify", "Checks certificates and the folder. Example: certs-tool verify") { files, common.Dir };
        command.SetAction(result => Terminal.Run(() => Verify(common.Folder(result), result.GetValue(files) ?? [])));
        return command;
    }

    private static int Verify(PkiFolder folder, string[] files)
    {
        var authority = PemFile.ReadCertificate(folder.Authority);
        List<string> findings = [];
        foreach (var file in files.Length > 0 ? [.. files] : Certificates(folder))
        {
            findings.AddRange(Lint.Check(PemFile.ReadCertificate(file), authority, DateTime.UtcNow).Select(finding => $"{file}: {finding}"));
        }

        if (files.Length == 0)
        {
            Inventory.Read(folder);
            findings.AddRange(Modes(folder));
            findings.AddRange(Keys(folder));
            findings.AddRange(RevocationList(folder, authority));
        }

        findings.ForEach(Terminal.Print);
        Terminal.Print(findings.Count == 0 ? "everything is in order" : $"{findings.Count} finding(s)");
        return findings.Count == 0 ? 0 : ToolException.Found;
    }

    private static List<string> Bundles(PkiFolder folder) =>
        [.. new[] { folder.In("server") }.Concat(Directory.Exists(folder.In("clients")) ? Directory.GetDirectories(folder.In("clients")).Order(StringComparer.Ordinal) : []).Where(Directory.Exists)];

    private static List<string> Certificates(PkiFolder folder) => [folder.Authority, .. Bundles(folder).Select(bundle => Path.Combine(bundle, "cert.pem"))];

    private static IEnumerable<string> Modes(PkiFolder folder)
    {
        const UnixFileMode others = UnixFileMode.GroupRead | UnixFileMode.GroupWrite | UnixFileMode.GroupExecute | UnixFileMode.OtherRead | UnixFileMode.OtherWrite | UnixFileMode.OtherExecute;
        var secret = new[] { folder.Path, folder.AuthorityKey, folder.In("clients") }.Concat(Bundles(folder)).Concat(Bundles(folder).Select(bundle => Path.Combine(bundle, "key.pem")));
        return secret.Where(path => (File.Exists(path) || Directory.Exists(path)) && (File.GetUnixFileMode(path) & others) != 0)
            .Select(path => $"{path}: mode {Convert.ToString((int)File.GetUnixFileMode(path), 8)} lets others in; run chmod go= {path}");
    }

    private static IEnumerable<string> Keys(PkiFolder folder) => Bundles(folder)
        .Where(bundle => !Matches(PemFile.ReadCertificate(Path.Combine(bundle, "cert.pem")), Path.Combine(bundle, "key.pem")))
        .Select(bundle => $"{bundle}: cert.pem and key.pem do not belong together");

    private static bool Matches(X509Certificate certificate, string keyFile)
    {
        var key = PemFile.ReadKey(keyFile, null);
        var message = "proof"u8.ToArray();
        var algorithm = KeyKind.SignatureOf(key);
        var signer = SignerUtilities.GetSigner(algorithm);
        signer.Init(true, key);
        signer.BlockUpdate(message, 0, message.Length);
        var signature = signer.GenerateSignature();
        var verifier = SignerUtilities.GetSigner(algorithm);
        verifier.Init(false, certificate.GetPublicKey());
        verifier.BlockUpdate(message, 0, message.Length);
        return verifier.VerifySignature(signature);
    }

    private static IEnumerable<string> RevocationList(PkiFolder folder, X509Certificate authority)
    {
        if (!File.Exists(folder.RevocationList))
        {
            yield return $"{folder.RevocationList}: missing";
            yield break;
        }

        var list = new X509CrlParser().ReadCrl(File.ReadAllBytes(folder.RevocationList));
        if (list is null || !list.IsSignatureValid(authority.GetPublicKey()))
        {
            yield return $"{folder.RevocationList}: not signed by the CA";
        }
        else if (list.NextUpdate is not { } next || next.ToUniversalTime() < DateTime.UtcNow)
        {
            yield return $"{folder.RevocationList}: stale; the gateway refuses everybody with it";
        }
    }
}
