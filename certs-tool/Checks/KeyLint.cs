using CertsTool.Certificates;
using Org.BouncyCastle.Asn1.X509;
using Org.BouncyCastle.Crypto.Parameters;
using Org.BouncyCastle.Math;
using Org.BouncyCastle.Security;
using Org.BouncyCastle.X509;

namespace CertsTool.Checks;

/// <summary>Which public keys are too weak or not usable by the gateway and by docker's TLS alike, by zlint's names where it has one.</summary>
internal static class KeyLint
{
    private const int SmallestModulus = 2048;
    private const int LargestModulus = 4096;
    private static readonly BigInteger SmallFactors = Product(752);

    public static IEnumerable<string> Check(X509Certificate certificate) => Check(certificate.SubjectPublicKeyInfo);

    public static IEnumerable<string> Check(SubjectPublicKeyInfo key) => KeyKind.Of(key) switch
    {
        "p256" or "p384" => Elliptic(key),
        var kind when kind.StartsWith("rsa", StringComparison.Ordinal) => Rsa((RsaKeyParameters)PublicKeyFactory.CreateKey(key)),
        "1.3.101.112" or "1.3.101.113" => ["key_not_usable: Ed25519 and Ed448 keys: the gateway's TLS knows RSA, P-256 and P-384 only"],
        var other => [$"e_ec_improper_curves: a key of kind {other}: only RSA 2048 to 4096, P-256 and P-384 are known to docker and the gateway alike"],
    };

    private static IEnumerable<string> Elliptic(SubjectPublicKeyInfo key)
    {
        string? problem = null;
        try
        {
            // Reading the key checks that its point lies on the curve.
            _ = PublicKeyFactory.CreateKey(key);
        }
        catch (Exception e) when (PemFile.IsUnreadable(e))
        {
            problem = "ec_point: the key is no point of its curve";
        }

        if (problem is not null)
        {
            yield return problem;
        }
    }

    private static IEnumerable<string> Rsa(RsaKeyParameters key)
    {
        var (modulus, exponent) = (key.Modulus, key.Exponent);
        if (modulus.BitLength < SmallestModulus)
        {
            yield return $"e_rsa_mod_less_than_2048_bits: an RSA key of {modulus.BitLength} bits is too weak";
        }

        if (modulus.BitLength > LargestModulus)
        {
            yield return $"rsa_mod_more_than_4096_bits: an RSA key of {modulus.BitLength} bits makes each handshake slow and no safer";
        }

        if (!modulus.TestBit(0))
        {
            yield return "w_rsa_mod_not_odd: the modulus is even";
        }
        else if (!modulus.Gcd(SmallFactors).Equals(BigInteger.One))
        {
            yield return "w_rsa_mod_factors_smaller_than_752: the modulus has a small factor";
        }

        if (!exponent.TestBit(0))
        {
            yield return "e_rsa_public_exponent_not_odd: the exponent is even";
        }
        else if (exponent.CompareTo(BigInteger.ValueOf(65537)) < 0 || exponent.BitLength > 256)
        {
            yield return "w_rsa_public_exponent_not_in_range: the exponent is below 65537 or above 2^256";
        }
    }

    private static BigInteger Product(int below)
    {
        var product = BigInteger.One;
        for (var n = 3; n < below; n += 2)
        {
            product = product.Multiply(BigInteger.ValueOf(n));
        }

        return product;
    }
}
