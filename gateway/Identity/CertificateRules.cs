using System.Security.Cryptography.X509Certificates;
using Org.BouncyCastle.Asn1.Nist;
using Org.BouncyCastle.Asn1.Pkcs;
using Org.BouncyCastle.Asn1.X509;
using Org.BouncyCastle.Asn1.X9;

namespace Gateway.Identity;

/// <summary>What keys and signatures are strong enough to count, for certificates and revocation lists alike (threats §7).</summary>
internal static class CertificateRules
{
    public const string ClientAuth = "1.3.6.1.5.5.7.3.2";
    public const string AnyPurpose = "2.5.29.37.0";

    private static readonly HashSet<string> StrongSignatures =
    [
        PkcsObjectIdentifiers.Sha256WithRsaEncryption.Id, PkcsObjectIdentifiers.Sha384WithRsaEncryption.Id, PkcsObjectIdentifiers.Sha512WithRsaEncryption.Id,
        X9ObjectIdentifiers.ECDsaWithSha256.Id, X9ObjectIdentifiers.ECDsaWithSha384.Id, X9ObjectIdentifiers.ECDsaWithSha512.Id,
    ];

    private static readonly HashSet<string> StrongHashes = [NistObjectIdentifiers.IdSha256.Id, NistObjectIdentifiers.IdSha384.Id, NistObjectIdentifiers.IdSha512.Id];

    private static readonly HashSet<string> Curves = [X9ObjectIdentifiers.Prime256v1.Id, "1.3.132.0.34", "1.3.132.0.35"];

    public static bool IsWeakKey(X509Certificate2 certificate)
    {
        using var rsa = certificate.GetRSAPublicKey();
        using var ecdsa = certificate.GetECDsaPublicKey();
        return rsa is not null ? rsa.KeySize < 2048
            : ecdsa is null || ecdsa.ExportParameters(false).Curve is not { IsNamed: true, Oid.Value: { } curve } || !Curves.Contains(curve);
    }

    /// <summary>SHA-2 only; a list, since what is new or odd is not known to be strong. RSASSA-PSS names its hash in its parameters.</summary>
    public static bool IsStrongSignature(AlgorithmIdentifier algorithm) =>
        StrongSignatures.Contains(algorithm.Algorithm.Id)
        || (algorithm.Algorithm.Equals(PkcsObjectIdentifiers.IdRsassaPss) && algorithm.Parameters is not null
            && StrongHashes.Contains(RsassaPssParameters.GetInstance(algorithm.Parameters).HashAlgorithm.Algorithm.Id));
}
