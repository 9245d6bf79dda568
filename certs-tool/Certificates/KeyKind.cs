using Org.BouncyCastle.Asn1.Sec;
using Org.BouncyCastle.Asn1.X509;
using Org.BouncyCastle.Asn1.X9;
using Org.BouncyCastle.Crypto;
using Org.BouncyCastle.Crypto.Generators;
using Org.BouncyCastle.Crypto.Parameters;
using Org.BouncyCastle.Math;
using Org.BouncyCastle.Security;

namespace CertsTool.Certificates;

/// <summary>The kinds of key that <c>--key</c> names, and the signature that a CA of that kind makes.</summary>
internal static class KeyKind
{
    public const string Default = "p256";

    public static SecureRandom Random { get; } = new();

    /// <exception cref="ToolException">There is no such kind.</exception>
    public static string Check(string kind) => kind is "p256" or "p384" or "rsa3072"
        ? kind
        : throw new ToolException(ToolException.Usage, $"key kind \"{Terminal.Plain(kind)}\" is not p256, p384 or rsa3072");

    /// <exception cref="ToolException">There is no such kind.</exception>
    public static AsymmetricCipherKeyPair Generate(string kind) => Check(kind) switch
    {
        "p256" => Elliptic(X9ObjectIdentifiers.Prime256v1),
        "p384" => Elliptic(SecObjectIdentifiers.SecP384r1),
        _ => Rsa(3072),
    };

    /// <summary><c>p256</c>, <c>p384</c>, <c>rsaN</c>, or the algorithm's identifier for what this tool makes no certificate for.</summary>
    public static string Of(SubjectPublicKeyInfo key)
    {
        if (key.Algorithm.Algorithm.Equals(X9ObjectIdentifiers.IdECPublicKey))
        {
            return key.Algorithm.Parameters?.ToAsn1Object() switch
            {
                Org.BouncyCastle.Asn1.DerObjectIdentifier curve when curve.Equals(X9ObjectIdentifiers.Prime256v1) => "p256",
                Org.BouncyCastle.Asn1.DerObjectIdentifier curve when curve.Equals(SecObjectIdentifiers.SecP384r1) => "p384",
                Org.BouncyCastle.Asn1.DerObjectIdentifier curve => ECNamedCurveTable.GetName(curve) ?? curve.Id,
                _ => "elliptic curve of its own",
            };
        }

        try
        {
            return PublicKeyFactory.CreateKey(key) is RsaKeyParameters rsa ? $"rsa{rsa.Modulus.BitLength}" : key.Algorithm.Algorithm.Id;
        }
        catch (Exception e) when (PemFile.IsUnreadable(e))
        {
            return key.Algorithm.Algorithm.Id;
        }
    }

    public static string SignatureOf(AsymmetricKeyParameter key) => key is RsaKeyParameters ? "SHA256WITHRSA" : "SHA256WITHECDSA";

    /// <summary>True if the private key is the public one's other half.</summary>
    public static bool Fits(AsymmetricKeyParameter privateKey, AsymmetricKeyParameter publicKey)
    {
        if (privateKey is RsaKeyParameters != publicKey is RsaKeyParameters)
        {
            return false;
        }

        var message = "does this key fit?"u8.ToArray();
        var signer = SignerUtilities.InitSigner(SignatureOf(privateKey), true, privateKey, Random);
        signer.BlockUpdate(message, 0, message.Length);
        var verifier = SignerUtilities.InitSigner(SignatureOf(publicKey), false, publicKey, null);
        verifier.BlockUpdate(message, 0, message.Length);
        return verifier.VerifySignature(signer.GenerateSignature());
    }

    private static AsymmetricCipherKeyPair Elliptic(Org.BouncyCastle.Asn1.DerObjectIdentifier curve)
    {
        var generator = new ECKeyPairGenerator();
        generator.Init(new ECKeyGenerationParameters(curve, Random));
        return generator.GenerateKeyPair();
    }

    private static AsymmetricCipherKeyPair Rsa(int bits)
    {
        var generator = new RsaKeyPairGenerator();
        generator.Init(new RsaKeyGenerationParameters(BigInteger.ValueOf(65537), Random, bits, 100));
        return generator.GenerateKeyPair();
    }
}
