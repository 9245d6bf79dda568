using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Gateway.Policy.Files;

/// <summary>
/// A detached signature over all policy files of a folder, so that who may write to the folder is not who may change the
/// policy. It covers names and bytes: a file that is changed, added, removed or renamed breaks it. The public key is read once.
/// </summary>
internal sealed class PolicySignature
{
    private const string Heading = "gateway policies 1\n";
    private const int MaxBytes = 64 << 10;
    private readonly string? signatureFile;

    private readonly Lazy<string> key;

    /// <param name="signatureFile">Base64 of an ECDSA (DER) or RSA (PKCS #1) signature with SHA-256.</param>
    /// <param name="keyFile">The public key as PEM.</param>
    public PolicySignature(string? signatureFile, string? keyFile)
    {
        this.signatureFile = signatureFile;
        key = new Lazy<string>(() => keyFile is null ? throw new FormatException("a signature of the policies needs the public key to check it by: --policies-key") : System.IO.File.ReadAllText(keyFile));
    }

    /// <summary>The signature's file, which is read with the policies each time; null where none is named.</summary>
    public string? File => string.IsNullOrEmpty(signatureFile) ? null : signatureFile;

    /// <summary>What <c>GATEWAY_POLICIES_SIGNATURE</c> and <c>GATEWAY_POLICIES_KEY</c> ask for; null where neither is set.</summary>
    public static PolicySignature? FromEnvironment() =>
        Of(Environment.GetEnvironmentVariable("GATEWAY_POLICIES_SIGNATURE"), Environment.GetEnvironmentVariable("GATEWAY_POLICIES_KEY"));

    /// <summary>Null where nothing is given.</summary>
    public static PolicySignature? Of(string? signatureFile, string? keyFile) =>
        string.IsNullOrEmpty(signatureFile) && string.IsNullOrEmpty(keyFile) ? null : new PolicySignature(signatureFile, keyFile);

    /// <summary>Why these files are not the ones that were signed, or null.</summary>
    /// <param name="files">Names without folders, and the bytes that will be read as policy.</param>
    public string? Problem(IEnumerable<(string Name, byte[] Bytes)> files)
    {
        if (string.IsNullOrEmpty(signatureFile))
        {
            return "the policies have to be signed, and no signature is named: --policies-signature";
        }

        try
        {
            var signature = Convert.FromBase64String(System.IO.File.ReadAllText(signatureFile).Trim());
            return signature.Length < MaxBytes && Verifies(Manifest(files), signature) ? null : $"the policy files are not the ones that {signatureFile} signs";
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or FormatException or CryptographicException or ArgumentException)
        {
            return $"the policies' signature cannot be checked: {e.Message}";
        }
    }

    /// <summary>The bytes that are signed: a heading, and for each file, by name, its SHA-256 and its name.</summary>
    /// <exception cref="FormatException">A name holds a control character, with which two lists could read alike.</exception>
    public static byte[] Manifest(IEnumerable<(string Name, byte[] Bytes)> files)
    {
        var text = new StringBuilder(Heading);
        foreach (var (name, bytes) in files.OrderBy(file => file.Name, StringComparer.Ordinal))
        {
            if (name.Any(char.IsControl))
            {
                throw new FormatException("a policy file's name holds a control character");
            }

            text.Append(CultureInfo.InvariantCulture, $"{Convert.ToHexStringLower(SHA256.HashData(bytes))} {name}\n");
        }

        return Encoding.UTF8.GetBytes(text.ToString());
    }

    /// <summary>The signature file's text.</summary>
    /// <param name="privateKey">PEM, EC or RSA.</param>
    /// <exception cref="FormatException">It is no such key.</exception>
    public static string Sign(IEnumerable<(string Name, byte[] Bytes)> files, string privateKey)
    {
        var manifest = Manifest(files);
        try
        {
            using var ec = ECDsa.Create();
            ec.ImportFromPem(privateKey);
            return Convert.ToBase64String(ec.SignData(manifest, HashAlgorithmName.SHA256, DSASignatureFormat.Rfc3279DerSequence)) + "\n";
        }
        catch (Exception e) when (e is CryptographicException or ArgumentException)
        {
            return SignRsa(manifest, privateKey);
        }
    }

    private static string SignRsa(byte[] manifest, string privateKey)
    {
        try
        {
            using var rsa = RSA.Create();
            rsa.ImportFromPem(privateKey);
            return Convert.ToBase64String(rsa.SignData(manifest, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1)) + "\n";
        }
        catch (Exception e) when (e is CryptographicException or ArgumentException)
        {
            throw new FormatException("the key is not an unencrypted EC or RSA private key in PEM", e);
        }
    }

    private bool Verifies(byte[] manifest, byte[] signature)
    {
        try
        {
            using var ec = ECDsa.Create();
            ec.ImportFromPem(key.Value);
            return ec.VerifyData(manifest, signature, HashAlgorithmName.SHA256, DSASignatureFormat.Rfc3279DerSequence);
        }
        catch (Exception e) when (e is CryptographicException or ArgumentException)
        {
            using var rsa = RSA.Create();
            rsa.ImportFromPem(key.Value);
            return rsa.KeySize >= 2048 && rsa.VerifyData(manifest, signature, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        }
    }
}
