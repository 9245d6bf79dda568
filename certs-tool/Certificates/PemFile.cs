using System.Security.Cryptography;
using System.Text;
using Org.BouncyCastle.Asn1.Nist;
using Org.BouncyCastle.Asn1.Pkcs;
using Org.BouncyCastle.Crypto;
using Org.BouncyCastle.Pkcs;
using Org.BouncyCastle.Security;
using Org.BouncyCastle.X509;

namespace CertsTool.Certificates;

/// <summary>PEM texts (RFC 7468): certificates, revocation lists, PKCS#8 keys. What is read is bounded.</summary>
internal static class PemFile
{
    private const int MaxBytes = 4 << 20;
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
            NistObjectIdentifiers.IdAes256Cbc, PkcsObjectIdentifiers.IdHmacWithSha256, Utf8(passphrase), salt, Iterations, KeyKind.Random, plain);
        return Text("ENCRYPTED PRIVATE KEY", encrypted.GetDerEncoded());
    }

    /// <exception cref="ToolException">The file holds no certificate.</exception>
    public static X509Certificate ReadCertificate(string file) => ReadCertificates(file)[0];

    /// <summary>Every certificate of a PEM file, or the one of a DER file; at least one.</summary>
    /// <exception cref="ToolException">The file holds no certificate, or something that looks like one and is none.</exception>
    public static IReadOnlyList<X509Certificate> ReadCertificates(string file) =>
        Read(file, "a certificate", "CERTIFICATE", der => new X509CertificateParser().ReadCertificate(der), certificate => certificate.GetEncoded());

    /// <summary>Every revocation list of a PEM file, or the one of a DER file; at least one.</summary>
    /// <exception cref="ToolException">The file holds no list, or something that looks like one and is none.</exception>
    public static IReadOnlyList<X509Crl> ReadRevocationLists(string file) =>
        Read(file, "a revocation list", "X509 CRL", der => new X509CrlParser().ReadCrl(der), list => list.GetEncoded());

    /// <exception cref="ToolException">The file holds no key, or the passphrase does not open it.</exception>
    public static AsymmetricKeyParameter ReadKey(string file, Func<string?> passphrase)
    {
        try
        {
            var text = Encoding.ASCII.GetString(ReadBytes(file, MaxBytes));
            if (!PemEncoding.TryFind(text, out var found))
            {
                throw new IOException("no PEM text in it");
            }

            var der = Convert.FromBase64String(text[found.Base64Data]);
            return text[found.Label] switch
            {
                "PRIVATE KEY" => PrivateKeyFactory.CreateKey(der),
                "ENCRYPTED PRIVATE KEY" => Decrypt(file, der, passphrase()),
                var label => throw new IOException($"it holds a {label}, not a PKCS#8 key"),
            };
        }
        catch (Exception e) when (IsUnreadable(e))
        {
            throw Unreadable(file, "a key", e);
        }
    }

    /// <summary>True if a passphrase protects the key in the file.</summary>
    public static bool IsEncrypted(string file) => File.Exists(file) && Encoding.ASCII.GetString(ReadBytes(file, MaxBytes)).Contains("BEGIN ENCRYPTED PRIVATE KEY", StringComparison.Ordinal);

    /// <exception cref="IOException">It cannot be read or is longer.</exception>
    public static byte[] ReadBytes(string file, int limit)
    {
        using var stream = new FileStream(file, new FileStreamOptions { Mode = FileMode.Open, Access = FileAccess.Read, Share = FileShare.ReadWrite | FileShare.Delete });
        var buffer = new byte[limit + 1];
        var length = stream.ReadAtLeast(buffer, buffer.Length, throwOnEndOfStream: false);
        return length <= limit ? buffer[..length] : throw new IOException($"longer than {limit} bytes, which it never is");
    }

    /// <summary>True for what parsing untrusted bytes may throw: the library has more kinds for that than it documents.</summary>
    public static bool IsUnreadable(Exception e) => e is not ToolException and not OutOfMemoryException;

    /// <summary>The reason in words for a person; the library's own messages may hold a whole stack.</summary>
    public static string Words(Exception e) => Terminal.Plain(e.Message.Split('\n')[0]) is var line && !line.Contains("Exception", StringComparison.Ordinal) && !line.Contains("BouncyCastle", StringComparison.Ordinal) ? line : "it is malformed";

    public static string Text(string label, byte[] der) => $"{PemEncoding.WriteString(label, der)}\n";

    private static List<T> Read<T>(string file, string what, string label, Func<byte[], T?> parse, Func<T, byte[]> encode)
        where T : class
    {
        try
        {
            var bytes = ReadBytes(file, MaxBytes);
            List<T> found = [];
            if (bytes.Length > 0 && bytes[0] == 0x30)
            {
                found.Add(Strict(bytes, parse, encode));
                return found;
            }

            var text = Encoding.ASCII.GetString(bytes);
            for (var rest = text.AsSpan(); PemEncoding.TryFind(rest, out var block); rest = rest[block.Location.End..])
            {
                if (rest[block.Label] is var name && name.SequenceEqual(label))
                {
                    found.Add(Strict(Convert.FromBase64String(rest[block.Base64Data].ToString()), parse, encode));
                }
            }

            // A block that is cut off or garbled is not found above; counting what begins shows that it was there.
            var begun = text.Split($"-----BEGIN {label}-----").Length - 1;
            return found.Count == 0 ? throw new IOException($"no {label} in it")
                : found.Count != begun ? throw new IOException($"{begun - found.Count} of its {begun} {label} blocks cannot be read")
                : found;
        }
        catch (Exception e) when (IsUnreadable(e))
        {
            throw Unreadable(file, what, e);
        }
    }

    /// <summary>
    /// The parser takes some encodings that are not DER for the same value, and others do not: what is read here must be what
    /// everybody reads, byte for byte.
    /// </summary>
    private static T Strict<T>(byte[] der, Func<byte[], T?> parse, Func<T, byte[]> encode)
        where T : class
    {
        DerShape.Check(der);
        var value = parse(der) ?? throw new FormatException("it is empty");
        return encode(value).AsSpan().SequenceEqual(der) ? value : throw new FormatException("its encoding is not DER");
    }

    private static AsymmetricKeyParameter Decrypt(string file, byte[] der, string? passphrase)
    {
        if (passphrase is null)
        {
            throw new ToolException(ToolException.Usage, $"{file} is encrypted\ngive the file that holds its passphrase: --passphrase-file FILE");
        }

        try
        {
            return PrivateKeyFactory.DecryptKey(Utf8(passphrase), der);
        }
        catch (Exception e) when (IsUnreadable(e))
        {
            throw new ToolException(ToolException.Usage, $"{file}: the passphrase does not open it\ngive the right one with --passphrase-file FILE");
        }
    }

    private static ToolException Unreadable(string file, string what, Exception e) => e is FileNotFoundException or DirectoryNotFoundException
        ? new ToolException(ToolException.Damaged, $"{file}: missing")
        : new ToolException(ToolException.Damaged, $"{file}: cannot read {what}: {Words(e)}");

    // The library takes one byte of each character; this way they are the UTF-8 bytes that openssl takes.
    private static char[] Utf8(string passphrase) => [.. Encoding.UTF8.GetBytes(passphrase).Select(b => (char)b)];
}
