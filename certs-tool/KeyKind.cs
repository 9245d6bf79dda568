using Org.BouncyCastle.Asn1.X9;
using Org.BouncyCastle.Crypto;
using Org.BouncyCastle.Crypto.Generators;
using Org.BouncyCastle.Crypto.Parameters;
using Org.BouncyCastle.Math;
using Org.BouncyCastle.Security;

namespace CertsTool;

/// <summary>The kinds of key that <c>--key</c> names, and the signature that a CA of that kind makes.</summary>
internal static class KeyKind
{
    public const string Default = "p256";

    public static SecureRandom Random { get; } = new();

    /// <exception cref="ToolException">There is no such kind.</exception>
    public static AsymmetricCipherKeyPair Generate(string kind) => kind switch
    {
        "p256" => Elliptic("secp256r1"),
        "p384" => Elliptic("secp384r1"),
        "rsa3072" => Rsa(3072),
        _ => throw new ToolException(ToolException.Usage, $"key kind \"{kind}\" is not p256, p384 or rsa3072"),
    };

    public static string SignatureOf(AsymmetricKeyParameter key) => key is RsaKeyParameters ? "SHA256WITHRSA" : "SHA256WITHECDSA";

    private static AsymmetricCipherKeyPair Elliptic(string curve)
    {
        var generator = new ECKeyPairGenerator();
        generator.Init(new ECKeyGenerationParameters(ECNamedCurveTable.GetOid(curve), Random));
        return generator.GenerateKeyPair();
    }

    private static AsymmetricCipherKeyPair Rsa(int bits)
    {
        var generator = new RsaKeyPairGenerator();
        generator.Init(new RsaKeyGenerationParameters(BigInteger.ValueOf(65537), Random, bits, 100));
        return generator.GenerateKeyPair();
    }
}
