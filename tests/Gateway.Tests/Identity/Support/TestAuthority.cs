using System.Security.Cryptography.X509Certificates;
using Gateway.Identity;
using Org.BouncyCastle.Asn1;
using Org.BouncyCastle.Asn1.Sec;
using Org.BouncyCastle.Asn1.X509;
using Org.BouncyCastle.Crypto;
using Org.BouncyCastle.Crypto.Operators;
using Org.BouncyCastle.Crypto.Parameters;
using Org.BouncyCastle.Math;
using Org.BouncyCastle.Security;
using Org.BouncyCastle.X509;
using Org.BouncyCastle.X509.Extension;

namespace Gateway.Tests.Identity.Support;

/// <summary>A CA of a test's own, and certificates that may be as wrong as the test wants them.</summary>
internal sealed class TestAuthority
{
    public static readonly DateTimeOffset Now = new(2026, 11, 1, 0, 0, 0, TimeSpan.Zero);
    public static readonly SecureRandom Random = new();

    private TestAuthority(Org.BouncyCastle.X509.X509Certificate certificate, AsymmetricCipherKeyPair pair) => (Parsed, Pair) = (certificate, pair);

    public Org.BouncyCastle.X509.X509Certificate Parsed { get; }

    public AsymmetricCipherKeyPair Pair { get; }

    public X509Certificate2 Certificate => X509CertificateLoader.LoadCertificate(Parsed.GetEncoded());

    public string Pem => Certificate.ExportCertificatePem() + "\n";

    public static AsymmetricCipherKeyPair NewKey(string curve = "secp256r1")
    {
        var generator = GeneratorUtilities.GetKeyPairGenerator("ECDSA");
        generator.Init(new ECKeyGenerationParameters(SecNamedCurves.GetOid(curve), Random));
        return generator.GenerateKeyPair();
    }

    public static TestAuthority Create(string name = "CN=Test CA", TestAuthority? issuer = null, AsymmetricCipherKeyPair? pair = null, int? pathLength = null, int? usage = null, bool isAuthority = true, DateTimeOffset? until = null)
    {
        pair ??= NewKey();
        var draft = new CertificateDraft(new X509Name(name), pair)
        {
            Purposes = [],
            KeyUsage = usage ?? KeyUsage.KeyCertSign | KeyUsage.CrlSign,
            Constraints = !isAuthority ? null : pathLength is { } length ? new BasicConstraints(length) : new BasicConstraints(true),
            From = Now.AddYears(-1),
            Until = until ?? Now.AddYears(5),
        };
        return new TestAuthority(draft.Sign(issuer?.Parsed.SubjectDN ?? draft.Subject, issuer?.Pair.Private ?? pair.Private, issuer?.Pair.Public ?? pair.Public), pair);
    }

    public X509Certificate2 Issue(CertificateDraft draft) =>
        X509CertificateLoader.LoadCertificate(draft.Sign(Parsed.SubjectDN, Pair.Private, Pair.Public).GetEncoded());

    public ClientTrust Trust(RevocationLists? lists = null) => new(ClientAuthorities.Parse("ca.pem", Pem), lists, StaleListsRefuse: true);

    public X509Crl List(params IReadOnlyList<X509Certificate2> revoked) => List(new ListDraft { Revoked = revoked });

    public X509Crl List(ListDraft draft)
    {
        var generator = new X509V2CrlGenerator();
        generator.SetIssuerDN(draft.Issuer ?? Parsed.SubjectDN);
        generator.SetThisUpdate((Now + draft.Begins).UtcDateTime);
        if (draft.Ends is { } ends)
        {
            generator.SetNextUpdate((Now + ends).UtcDateTime);
        }

        foreach (var certificate in draft.Revoked)
        {
            generator.AddCrlEntry(new BigInteger(certificate.SerialNumber, 16), draft.RevokedAt.UtcDateTime, draft.Reason);
        }

        if (draft.Number is { } number)
        {
            generator.AddExtension(X509Extensions.CrlNumber, false, new CrlNumber(BigInteger.ValueOf(number)));
        }

        draft.Change?.Invoke(generator);
        return generator.Generate(new Asn1SignatureFactory(draft.Signature, Pair.Private, Random));
    }

    public static byte[] PemOf(params X509Crl[] lists) =>
        System.Text.Encoding.ASCII.GetBytes(string.Concat(lists.Select(list => $"-----BEGIN X509 CRL-----\n{Convert.ToBase64String(list.GetEncoded(), Base64FormattingOptions.InsertLineBreaks)}\n-----END X509 CRL-----\n")));
}

/// <summary>A revocation list before it is signed.</summary>
internal sealed record ListDraft
{
    public IReadOnlyList<X509Certificate2> Revoked { get; init; } = [];

    public DateTimeOffset RevokedAt { get; init; } = TestAuthority.Now.AddHours(-1);

    public int Reason { get; init; } = CrlReason.Unspecified;

    public TimeSpan Begins { get; init; } = TimeSpan.FromHours(-1);

    public TimeSpan? Ends { get; init; } = TimeSpan.FromDays(7);

    public long? Number { get; init; } = 1;

    public X509Name? Issuer { get; init; }

    public string Signature { get; init; } = "SHA256WITHECDSA";

    public Action<X509V2CrlGenerator>? Change { get; init; }
}

/// <summary>A certificate before it is signed: valid as it stands, and a test changes one thing.</summary>
internal sealed record CertificateDraft(X509Name Subject, AsymmetricCipherKeyPair Key)
{
    public static CertificateDraft Client(X509Name subject) => new(subject, TestAuthority.NewKey());

    public static CertificateDraft Client(string name = "alice") => Client(SubjectOf([Cn(new DerUtf8String(name))]));

    public IReadOnlyList<KeyPurposeID> Purposes { get; init; } = [KeyPurposeID.id_kp_clientAuth];

    public int? KeyUsage { get; init; } = Org.BouncyCastle.Asn1.X509.KeyUsage.DigitalSignature;

    public BasicConstraints? Constraints { get; init; } = new(false);

    public DateTimeOffset From { get; init; } = TestAuthority.Now.AddDays(-1);

    public DateTimeOffset Until { get; init; } = TestAuthority.Now.AddDays(30);

    public string Signature { get; init; } = "SHA256WITHECDSA";

    public Action<X509V3CertificateGenerator>? Change { get; init; }

    /// <summary>A subject of RDNs, each of attributes.</summary>
    public static X509Name SubjectOf(params Asn1Encodable[][] rdns) =>
        X509Name.GetInstance(new DerSequence(rdns.Select(rdn => (Asn1Encodable)new DerSet(rdn)).ToArray()));

    public static DerSequence Cn(Asn1Encodable value) => new(X509Name.CN, value);

    public static DerSequence O(Asn1Encodable value) => new(X509Name.O, value);

    public Org.BouncyCastle.X509.X509Certificate Sign(X509Name issuer, AsymmetricKeyParameter key, AsymmetricKeyParameter issuerKey)
    {
        var generator = new X509V3CertificateGenerator();
        generator.SetSerialNumber(new BigInteger(120, TestAuthority.Random).SetBit(120));
        generator.SetIssuerDN(issuer);
        generator.SetSubjectDN(Subject);
        generator.SetNotBefore(From.UtcDateTime);
        generator.SetNotAfter(Until.UtcDateTime);
        generator.SetPublicKey(Key.Public);
        generator.AddExtension(X509Extensions.SubjectKeyIdentifier, false, X509ExtensionUtilities.CreateSubjectKeyIdentifier(Key.Public));
        generator.AddExtension(X509Extensions.AuthorityKeyIdentifier, false, X509ExtensionUtilities.CreateAuthorityKeyIdentifier(issuerKey));
        if (Constraints is not null)
        {
            generator.AddExtension(X509Extensions.BasicConstraints, true, Constraints);
        }

        if (KeyUsage is { } usage)
        {
            generator.AddExtension(X509Extensions.KeyUsage, true, new KeyUsage(usage));
        }

        if (Purposes.Count > 0)
        {
            generator.AddExtension(X509Extensions.ExtendedKeyUsage, false, new ExtendedKeyUsage(Purposes));
        }

        Change?.Invoke(generator);
        return generator.Generate(new Asn1SignatureFactory(Signature, key, TestAuthority.Random));
    }
}
