using System.CommandLine;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using CertsTool.Certificates;
using CertsTool.Folder;

namespace CertsTool.Commands;

/// <summary><c>export NAME --p12 FILE</c>: certificate, key and CA in one file for browsers and key stores (PKCS #12, RFC 7292).</summary>
internal static class ExportCommand
{
    private const int ShortestPassphrase = 8;
    private const int Iterations = 600_000;

    public static Command Create(CommonOptions common)
    {
        var name = new Argument<string>("NAME") { Description = "a client's name, or \"server\"" };
        var target = new Option<string>("--p12") { HelpName = "FILE", Description = "the file to write; nothing is overwritten", Required = true };
        var passphrase = new Option<string>("--passphrase-file") { HelpName = "FILE", Description = "file whose first line is the passphrase for the new file (default: asked for)" };
        return common.Make("export", "Writes a holder's certificate and key as PKCS #12, for browsers", "certs-tool export alice --p12 alice.p12", [name, target, passphrase], result =>
        {
            var bundle = common.Folder(result).Named(result.GetValue(name)!);
            var file = Path.GetFullPath(CommonOptions.Text(result, target) ?? throw new ToolException(ToolException.Usage, "--p12 needs a file"));
            if (Posix.Facts(file) is not null)
            {
                throw new ToolException(ToolException.Usage, $"{file} exists; nothing is overwritten");
            }

            var bytes = Pack(common.Folder(result), bundle, () => CommonOptions.Text(result, passphrase) is { } given ? common.ReadPassphrase(given) : Ask(common.Session.Terminal));
            Write(file, bytes);
            common.Session.Terminal.Print($"wrote {file}: the key of \"{bundle.Name}\" is in it, protected by the passphrase alone");
            common.Session.Terminal.Print("next: import it in the browser's certificate settings, then remove the file");
            return 0;
        });
    }

    private static byte[] Pack(PkiFolder folder, Bundle bundle, Func<string> passphrase)
    {
        if (!File.Exists(bundle.Certificate))
        {
            throw new ToolException(ToolException.Usage, $"there is no certificate for \"{bundle.Name}\" in {folder.Path}\nsee what there is with: certs-tool list");
        }

        if (!File.Exists(bundle.Key))
        {
            throw new ToolException(ToolException.Usage, $"{bundle.Key}: missing, and without the key there is nothing to import\nwhere the key was made elsewhere, export there: openssl pkcs12 -export -in cert.pem -inkey key.pem -out FILE.p12");
        }

        var certificate = PemFile.ReadCertificate(bundle.Certificate);
        if (!KeyKind.Fits(PemFile.ReadKey(bundle.Key, () => null), certificate.GetPublicKey()))
        {
            throw new ToolException(ToolException.Damaged, $"{bundle.Path}: cert.pem and key.pem do not belong together; nothing was written\nmake a new pair with: certs-tool renew {bundle.Argument}");
        }

        try
        {
            using var leaf = X509Certificate2.CreateFromPemFile(bundle.Certificate, bundle.Key);
            var all = new X509Certificate2Collection(leaf);
            all.ImportFromPemFile(folder.Authority);
            return all.ExportPkcs12(new PbeParameters(PbeEncryptionAlgorithm.Aes256Cbc, HashAlgorithmName.SHA256, Iterations), passphrase());
        }
        catch (CryptographicException e)
        {
            throw new ToolException(ToolException.Damaged, $"{bundle.Path}: {e.Message}; nothing was written\nlook for what is wrong with: certs-tool verify");
        }
    }

    private static string Ask(Terminal terminal)
    {
        var first = terminal.AskSecret("passphrase for the new file")
            ?? throw new ToolException(ToolException.Usage, "nobody is there to ask for a passphrase\ngive it with --passphrase-file FILE");
        return first.Length < ShortestPassphrase ? throw new ToolException(ToolException.Usage, $"a passphrase of fewer than {ShortestPassphrase} characters protects nothing; nothing was written")
            : first != terminal.AskSecret("once more") ? throw new ToolException(ToolException.Usage, "the two are not the same; nothing was written")
            : first;
    }

    private static void Write(string file, byte[] bytes)
    {
        var temporary = $"{file}.{Environment.ProcessId}.new";
        try
        {
            using (var stream = new FileStream(temporary, new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, UnixCreateMode = PkiFolder.KeyMode }))
            {
                stream.Write(bytes);
                stream.Flush(flushToDisk: true);
            }

            File.Move(temporary, file, overwrite: false);
        }
        catch
        {
            File.Delete(temporary);
            throw;
        }
    }
}
