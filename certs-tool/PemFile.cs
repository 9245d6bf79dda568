using System.Text;
using Org.BouncyCastle.Asn1.Pkcs;
using Org.BouncyCastle.Crypto;
using Org.BouncyCastle.OpenSsl;
using Org.BouncyCastle.Pkcs;
using Org.BouncyCastle.Security;
using Org.BouncyCastle.Utilities.IO.Pem;
using Org.BouncyCastle.X509;

namespace CertsTool;

/// <summary>PEM texts (RFC 7468): certificates, revocation lists, PKCS#8 keys.</summary>
internal static class PemFile
{
    private const int Iterations = 600_000;

    public static string Certificate(X509Certificate certificate) => Text("CERTIFICATE", certificate.GetEncoded());

    public static string RevocationList(X509Crl list) => Text("X509 CRL", list.GetEncoded());

    /// <summary>PKCS#8; encrypted (PBES2, AES-256-CBC) where there is a passphrase.</summary>
    public static string Key(AsymmetricKeyParameter key, string? passphrase)
    {
        var plain = PrivateKeyInfoFactory.CreatePrivateKeyInfo(key);
        if (passphrase is null)
        {
            return Text("PRIVATE KEY", plain.GetDerEncoded());
        }

        var salt = SecureRandom.GetNextBytes(KeyKind.Random, 16);
        var encrypted = EncryptedPrivateKeyInfoFactory.CreateEncryptedPrivateKeyInfo(
            Org.BouncyCastle.Asn1.Nist.NistObjectIdentifiers.IdAes256Cbc, PkcsObjectIdentifiers.IdHmacWithSha256, passphrase.ToCharArray(), salt, Iterations, KeyKind.Random, plain);
        return Text("ENCRYPTED PRIVATE KEY", encrypted.GetDerEncoded());
    }

    /// <exception cref="ToolException">The file holds no certificate.</exception>
    public static X509Certificate ReadCertificate(string file)
    {
        try
        {
            return new X509CertificateParser().ReadCertificate(File.ReadAllBytes(file)) ?? throw new IOException("no certificate in it");
        }
        catch (Exception e) when (e is IOException or GeneralSecurityException or UnauthorizedAccessException or ArgumentException)
        {
            throw new ToolException(e is FileNotFoundException or DirectoryNotFoundException ? ToolException.Usage : ToolException.Damaged, $"{file}: cannot read a certificate: {e.Message}");
        }
    }

    /// <exception cref="ToolException">The file holds no key, or the passphrase does not open it.</exception>
    public static AsymmetricKeyParameter ReadKey(string file, string? passphrase)
    {
        try
        {
            using var reader = new StreamReader(file, Encoding.ASCII);
            return new Org.BouncyCastle.OpenSsl.PemReader(reader, new Passphrase(passphrase)).ReadObject() switch
            {
                AsymmetricKeyParameter key => key,
                AsymmetricCipherKeyPair pair => pair.Private,
                _ => throw new IOException("no key in it"),
            };
        }
        catch (Exception e) when (e is Org.BouncyCastle.OpenSsl.PasswordException or InvalidCipherTextException || (e is PemException or IOException && passphrase is null && IsEncrypted(file)))
        {
            throw new ToolException(ToolException.Usage, $"{file} is encrypted; give the right passphrase with --passphrase-file");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException)
        {
            throw new ToolException(ToolException.Damaged, $"{file}: cannot read a key: {e.Message}");
        }
    }

    private static bool IsEncrypted(string file) => File.Exists(file) && File.ReadAllText(file).Contains("ENCRYPTED", StringComparison.Ordinal);

    private static string Text(string type, byte[] bytes)
    {
        using var text = new StringWriter { NewLine = "\n" };
        using (var writer = new Org.BouncyCastle.Utilities.IO.Pem.PemWriter(text))
        {
            writer.WriteObject(new PemObject(type, bytes));
        }

        return text.ToString();
    }

    private sealed class Passphrase(string? text) : IPasswordFinder
    {
        public char[] GetPassword() => (text ?? throw new Org.BouncyCastle.OpenSsl.PasswordException("no passphrase")).ToCharArray();
    }
}
