using System.Net;
using System.Security.Cryptography;
using Org.BouncyCastle.Asn1;
using Org.BouncyCastle.Asn1.X509;
using Org.BouncyCastle.X509;

namespace CertsTool.Certificates;

/// <summary>What a certificate says, read from its structure rather than from a formatted name.</summary>
internal static class CertificateFacts
{
    public static string Serial(X509Certificate certificate) => certificate.SerialNumber.ToString(16);

    public static string Sha256(X509Certificate certificate) => Convert.ToHexStringLower(SHA256.HashData(certificate.GetEncoded()));

    /// <summary>The pin of its key, as a policy's <c>certificate: {spki: …}</c> has it.</summary>
    public static string Spki(X509Certificate certificate) => Spki(certificate.SubjectPublicKeyInfo);

    public static string Spki(SubjectPublicKeyInfo key) => "sha256:" + Convert.ToBase64String(SHA256.HashData(key.GetDerEncoded()));

    public static DateTimeOffset NotBefore(X509Certificate certificate) => new(certificate.NotBefore.ToUniversalTime());

    public static DateTimeOffset NotAfter(X509Certificate certificate) => new(certificate.NotAfter.ToUniversalTime());

    public static bool IsAuthority(X509Certificate certificate) => certificate.GetBasicConstraints() >= 0;

    /// <summary><c>ca</c>, <c>server</c> or <c>client</c>.</summary>
    public static string Kind(X509Certificate certificate) =>
        IsAuthority(certificate) ? "ca" : Purposes(certificate).Contains(KeyPurposeID.id_kp_serverAuth.Id) ? "server" : "client";

    public static IReadOnlyList<string> Purposes(X509Certificate certificate) => [.. certificate.GetExtendedKeyUsage()?.Select(usage => usage.Id) ?? []];

    public static string? CommonName(X509Name subject) => Values(subject, X509Name.CN) is [var only] ? only : null;

    public static IReadOnlyList<string> Groups(X509Certificate certificate) => Values(certificate.SubjectDN, X509Name.O);

    /// <summary>The names that stand in the subject under one attribute, in the order of the certificate.</summary>
    public static IReadOnlyList<string> Values(X509Name subject, DerObjectIdentifier attribute) =>
    [
        .. Asn1Sequence.GetInstance(subject.ToAsn1Object())
            .SelectMany(rdn => Asn1Set.GetInstance(rdn))
            .Select(Asn1Sequence.GetInstance)
            .Where(pair => DerObjectIdentifier.GetInstance(pair[0]).Equals(attribute))
            .Select(pair => pair[1] is IAsn1String text ? text.GetString() : ""),
    ];

    /// <summary>The DNS names and addresses of the SAN.</summary>
    public static IReadOnlyList<string> Hosts(X509Certificate certificate) =>
        [.. certificate.GetSubjectAlternativeNameExtension()?.GetNames().Select(Host).OfType<string>() ?? []];

    private static string? Host(GeneralName name) => name.TagNo switch
    {
        GeneralName.DnsName => DerIA5String.GetInstance(name.Name).GetString(),
        GeneralName.IPAddress when Asn1OctetString.GetInstance(name.Name).GetOctets() is { Length: 4 or 16 } octets => new IPAddress(octets).ToString(),
        _ => null,
    };
}
