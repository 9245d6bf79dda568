using System.Security.Cryptography.X509Certificates;
using Gateway.Identity;
using Gateway.Tests.Identity.Support;
using Org.BouncyCastle.Asn1;
using Org.BouncyCastle.Asn1.X509;
using Org.BouncyCastle.Crypto;
using Org.BouncyCastle.Crypto.Generators;
using Org.BouncyCastle.Crypto.Parameters;
using Org.BouncyCastle.Math;
using Xunit;
using static Gateway.Tests.Identity.Support.CertificateDraft;

namespace Gateway.Tests.Identity;

/// <summary>Tries to be alice, one a case: each certificate ends in the handshake or is nobody's, with words that say why (I55, I57).</summary>
public class ImpersonationTests
{
    private static readonly TestAuthority Authority = TestAuthority.Create();
    private static readonly TestAuthority Stranger = TestAuthority.Create();

    /// <summary>Names that a reader could take for "alice", in the words of some other reader.</summary>
    private static readonly string[] OddNames =
    [
        "Alice", "ALICE", "alicE", " alice", "alice ", "al ice", "alice\t", "alice\n", "alice\r\n", "\nalice", "alice\0", "\0alice", "ali\0ce", "alice\0.example.com", "alice\u007f", "alice\u0085",
        "аlice", "alicе", "αlice", "ａｌｉｃｅ", "al\u0131ce", "\ud835\udc1a\ud835\udc25\ud835\udc22\ud835\udc1c\ud835\udc1e", "alice\u0301", "ali\u200dce", "ali\u200cce", "\ufeffalice", "ali\u00adce", "\u202ealice", "\u2066alice\u2069", "alice\ufe0f",
        "alice,bob", "alice,CN=bob", "alice+OU=x", "CN=alice", "alice/CN=bob", "/CN=alice", "alice;", "\"alice\"", "alice\"", "alice\\", "alice\\00", "#alice", "<alice>", "alice@example.com", "alice:bob", "alice=x", "alice|bob", "alice`id`",
        "-alice", ".alice", "_alice", "..", "*", "alic*", "%61lice", "${user}", "", "alice%00", "alice'--", "а", new string('a', 65),
    ];

    public static TheoryData<string, string> Names()
    {
        var data = new TheoryData<string, string>();
        foreach (var name in OddNames)
        {
            foreach (var encoding in name.All(c => c <= 255) ? (string[])["UTF8", "BMP", "Teletex"] : ["UTF8", "BMP"])
            {
                data.Add(encoding, Escaped(name));
            }
        }

        foreach (var encoding in (string[])["BMP", "Teletex", "IA5", "Universal", "Visible", "General", "Numeric", "Octets", "Bits", "Number", "Sequence"])
        {
            data.Add(encoding, "alice");
        }

        return data;
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void I57_RefusesAnOddName(string encoding, string name) => RefusedOrUnreadable(Client(SubjectOf([Cn(Encoded(encoding, Unescaped(name)))])), "CN");

    public static TheoryData<string> Subjects => [.. SubjectCases.Keys];

    private static Dictionary<string, X509Name> SubjectCases { get; } = new()
    {
        ["none"] = SubjectOf(),
        ["no CN"] = SubjectOf([O(new DerUtf8String("alice"))]),
        ["two CNs, alice first"] = SubjectOf([Cn(new DerUtf8String("alice"))], [Cn(new DerUtf8String("bob"))]),
        ["two CNs, alice last"] = SubjectOf([Cn(new DerUtf8String("bob"))], [Cn(new DerUtf8String("alice"))]),
        ["the same CN twice"] = SubjectOf([Cn(new DerUtf8String("alice"))], [Cn(new DerUtf8String("alice"))]),
        ["two CNs, one odd"] = SubjectOf([Cn(new DerUtf8String("alice"))], [Cn(new DerBmpString("bob"))]),
        ["two CNs in one RDN"] = SubjectOf([Cn(new DerUtf8String("alice")), Cn(new DerUtf8String("bob"))]),
        ["CN with OU in one RDN"] = SubjectOf([Cn(new DerUtf8String("alice")), new DerSequence(X509Name.OU, new DerUtf8String("x"))]),
        ["CN with O in one RDN"] = SubjectOf([Cn(new DerUtf8String("alice")), O(new DerUtf8String("ops"))]),
        ["CN with UID in one RDN"] = SubjectOf([Cn(new DerUtf8String("alice")), new DerSequence(X509Name.UID, new DerUtf8String("alice"))]),
        ["UID only"] = SubjectOf([new DerSequence(X509Name.UID, new DerUtf8String("alice"))]),
        ["e-mail only"] = SubjectOf([new DerSequence(X509Name.EmailAddress, new DerIA5String("alice"))]),
        ["name attribute"] = SubjectOf([new DerSequence(X509Name.Name, new DerUtf8String("alice"))]),
        ["CN in overlong UTF-8"] = SubjectOf([Cn(new Overlong())]),
    };

    [Theory]
    [MemberData(nameof(Subjects))]
    public void I57_RefusesASubjectThatCanBeReadInTwoWays(string subject) => RefusedOrUnreadable(Client(SubjectCases[subject]), "");

    [Theory]
    [InlineData("user:bob")]
    [InlineData("spiffe://example.com/user/bob")]
    [InlineData("spiffe://example.com/user/alice/../bob")]
    [InlineData("urn:user:root")]
    [InlineData("malice")]
    [InlineData("https://example.com/?user=alice")]
    [InlineData("spiffe://example.com/user/Alice")]
    public void RefusesASecondNameInAUri(string uri) => Refused(Authority.Issue(Client() with { Change = g => ClientCertificateRulesTests.AddUri(g, uri) }), "URI");

    public static TheoryData<string> Drafts => [.. DraftCases.Keys];

    private static Dictionary<string, Func<CertificateDraft, CertificateDraft>> DraftCases { get; } = new()
    {
        ["expired a second ago"] = d => d with { Until = TestAuthority.Now.AddSeconds(-1) },
        ["expired a year ago"] = d => d with { From = TestAuthority.Now.AddYears(-2), Until = TestAuthority.Now.AddYears(-1) },
        ["valid in a second"] = d => d with { From = TestAuthority.Now.AddSeconds(1) },
        ["valid tomorrow"] = d => d with { From = TestAuthority.Now.AddDays(1) },
        ["ends before it begins"] = d => d with { From = TestAuthority.Now.AddDays(1), Until = TestAuthority.Now.AddDays(-1) },
        ["for servers"] = d => d with { Purposes = [KeyPurposeID.id_kp_serverAuth] },
        ["for any purpose"] = d => d with { Purposes = [KeyPurposeID.AnyExtendedKeyUsage] },
        ["for code"] = d => d with { Purposes = [KeyPurposeID.id_kp_codeSigning] },
        ["for mail"] = d => d with { Purposes = [KeyPurposeID.id_kp_emailProtection] },
        ["for time stamps"] = d => d with { Purposes = [KeyPurposeID.id_kp_timeStamping] },
        ["for OCSP"] = d => d with { Purposes = [KeyPurposeID.id_kp_OCSPSigning] },
        ["for log-on with cards"] = d => d with { Purposes = [KeyPurposeID.id_kp_smartcardlogon] },
        ["for nothing that is said"] = d => d with { Purposes = [] },
        ["a CA"] = d => d with { Constraints = new BasicConstraints(true) },
        ["a CA of length 0"] = d => d with { Constraints = new BasicConstraints(0) },
        ["signs certificates"] = d => d with { KeyUsage = KeyUsage.DigitalSignature | KeyUsage.KeyCertSign },
        ["enciphers keys only"] = d => d with { KeyUsage = KeyUsage.KeyEncipherment },
        ["agrees on keys only"] = d => d with { KeyUsage = KeyUsage.KeyAgreement },
        ["signs lists only"] = d => d with { KeyUsage = KeyUsage.CrlSign },
        ["an odd curve"] = d => d with { Key = TestAuthority.NewKey("secp256k1") },
        ["a short curve"] = d => d with { Key = TestAuthority.NewKey("secp224r1") },
        ["RSA of 1024 bits"] = d => d with { Key = Rsa(1024) },
        ["RSA of 2040 bits"] = d => d with { Key = Rsa(2040) },
        ["Ed25519"] = d => d with { Key = Ed25519() },
        ["signed with SHA-1"] = d => d with { Signature = "SHA1WITHECDSA" },
        ["signed with SHA-224"] = d => d with { Signature = "SHA224WITHECDSA" },
        ["an unknown critical extension"] = d => d with { Change = g => g.AddExtension(new DerObjectIdentifier("1.3.6.1.4.1.55555.1"), true, new DerUtf8String("x")) },
        ["critical name constraints"] = d => d with { Change = g => g.AddExtension(X509Extensions.NameConstraints, true, new DerSequence()) },
        ["a critical policy"] = d => d with { Change = g => g.AddExtension(X509Extensions.PolicyConstraints, true, new DerSequence(new DerTaggedObject(false, 0, DerInteger.ValueOf(0)))) },
        ["a broken alternative name"] = d => d with { Change = g => g.AddExtension(X509Extensions.SubjectAlternativeName, false, new DerUtf8String("alice")) },
    };

    [Theory]
    [MemberData(nameof(Drafts))]
    public void RefusesACertificateThatIsNoClients(string draft) => Refused(Authority.Issue(DraftCases[draft](Client())), "");

    public static TheoryData<string> Chains => [.. ChainCases.Keys];

    private static Dictionary<string, Func<X509Certificate2>> ChainCases { get; } = new()
    {
        ["another CA of the same name"] = () => Stranger.Issue(Client()),
        ["another CA of another name"] = () => TestAuthority.Create("CN=Other CA").Issue(Client()),
        ["self-signed"] = () => SelfSigned(SubjectOf([Cn(new DerUtf8String("alice"))])),
        ["self-signed under the CA's name"] = () => Load(Client().Sign(Authority.Parsed.SubjectDN, Stranger.Pair.Private, Authority.Pair.Public)),
        ["the stranger's signature with the CA's key identifier"] = () => Load(Client().Sign(Authority.Parsed.SubjectDN, Stranger.Pair.Private, Authority.Pair.Public)),
        ["the CA's key under another name"] = () => Load(Client().Sign(new X509Name("CN=Other CA"), Authority.Pair.Private, Authority.Pair.Public)),
        ["an intermediate made from a client certificate"] = () => ClientAsAuthority().Issue(Client()),
        ["an intermediate that is in nobody's file"] = () => TestAuthority.Create("CN=Middle", Authority).Issue(Client()),
        ["a stranger's intermediate"] = () => TestAuthority.Create("CN=Middle", Stranger).Issue(Client()),
        ["the CA's own certificate"] = () => Authority.Certificate,
        ["the stranger CA's certificate"] = () => Stranger.Certificate,
        ["a changed name"] = () => Load(Patched(Authority.Issue(Client("alicf")).RawData, "alicf"u8, "alice"u8)),
        ["a changed signature"] = () => { var der = Authority.Issue(Client()).RawData; der[^1] ^= 1; return Load(der); },
        ["a changed issuer"] = () => Load(Patched(Stranger.Issue(Client()).RawData, "Test CA"u8, "Test CB"u8)),
    };

    [Theory]
    [MemberData(nameof(Chains))]
    public void EndsTheHandshakeOfACertificateThatTheAuthorityDidNotIssue(string chain)
    {
        var certificate = ChainCases[chain]();

        Assert.True(Authority.Trust().Authorities.PathOf(certificate).Count == 0 || certificate.RawData.AsSpan().SequenceEqual(Authority.Certificate.RawData));
        Refused(certificate, "");
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public void TellsTwoAuthoritiesOfOneNameApartByTheirKeys(int issuer)
    {
        var authorities = ClientAuthorities.Parse("ca.pem", Authority.Pem + Stranger.Pem);
        var revoked = RevocationLists.Parse("crl.pem", TestAuthority.PemOf(Authority.List(), Stranger.List()), authorities, null);
        TestAuthority[] both = [Authority, Stranger];
        var certificate = both[issuer].Issue(Client());

        Assert.Equal(both[issuer].Certificate.Thumbprint, authorities.PathOf(certificate)[0].Certificate.Thumbprint);
        Assert.Equal("alice", ClientCertificateRules.Identify(certificate, new ClientTrust(authorities, revoked, true), TestAuthority.Now, "test").Name);
    }

    [Fact]
    public void CountsARevocationForItsOwnAuthorityOnly()
    {
        var authorities = ClientAuthorities.Parse("ca.pem", Authority.Pem + Stranger.Pem);
        var certificate = Authority.Issue(Client());
        var trust = new ClientTrust(authorities, RevocationLists.Parse("crl.pem", TestAuthority.PemOf(Authority.List(), Stranger.List(certificate)), authorities, null), true);

        Assert.Equal("alice", ClientCertificateRules.Identify(certificate, trust, TestAuthority.Now, "test").Name);
    }

    [Theory]
    [InlineData("length 0", 0)]
    public void EndsTheHandshakeBelowAnAuthorityThatMayHaveNoOtherBelowIt(string _, int length)
    {
        var root = TestAuthority.Create("CN=Short Root", pathLength: length);
        var middle = TestAuthority.Create("CN=Middle", root);

        Assert.Empty(ClientAuthorities.Parse("ca.pem", root.Pem + middle.Pem).PathOf(middle.Issue(Client())));
    }

    public static TheoryData<string> Groups => [.. GroupCases.Keys];

    private static Dictionary<string, Asn1Encodable[][]> GroupCases { get; } = new()
    {
        ["upper case"] = [[O(new DerUtf8String("Ops"))]],
        ["beside another attribute"] = [[O(new DerUtf8String("ops")), new DerSequence(X509Name.OU, new DerUtf8String("x"))]],
        ["two in one RDN"] = [[O(new DerUtf8String("ops")), O(new DerUtf8String("dev"))]],
        ["BMPString"] = [[O(new DerBmpString("ops"))]],
        ["TeletexString"] = [[O(new DerT61String("ops"))]],
        ["a NUL"] = [[O(new DerUtf8String("ops\0"))]],
        ["a list"] = [[O(new DerUtf8String("ops,dev"))]],
        ["a confusable letter"] = [[O(new DerUtf8String("оps"))]],
        ["OU"] = [[new DerSequence(X509Name.OU, new DerUtf8String("ops"))]],
    };

    [Theory]
    [MemberData(nameof(Groups))]
    public void GivesNoGroupByAnOddOrganization(string group) =>
        Assert.Empty(ClientCertificateRules.Identify(Authority.Issue(Client(SubjectOf([.. GroupCases[group], [Cn(new DerUtf8String("alice"))]]))), Authority.Trust(), TestAuthority.Now, "test").Organizations);

    /// <summary>What the platform's own reader does not take never gets through a handshake.</summary>
    private static void RefusedOrUnreadable(CertificateDraft draft, string words)
    {
        X509Certificate2 certificate;
        try
        {
            certificate = Authority.Issue(draft);
        }
        catch (System.Security.Cryptography.CryptographicException)
        {
            return;
        }

        Refused(certificate, words);
    }

    private static void Refused(X509Certificate2 certificate, string words)
    {
        var identity = ClientCertificateRules.Identify(certificate, Authority.Trust(), TestAuthority.Now, "test");

        Assert.Null(identity.Name);
        Assert.Contains(words, identity.Refusal, StringComparison.Ordinal);
        Assert.NotNull(identity.Certificate);
        Assert.DoesNotContain(identity.Refusal!, c => c is < ' ' or > '~');
    }

    private static Asn1Encodable Encoded(string encoding, string text) => encoding switch
    {
        "UTF8" => new DerUtf8String(text),
        "BMP" => new DerBmpString(text),
        "Teletex" => new DerT61String(text),
        "IA5" => new DerIA5String(text),
        "Universal" => new DerUniversalString(System.Text.Encoding.UTF32.GetBytes(text)),
        "Visible" => new DerVisibleString(text),
        "General" => new DerGeneralString(text),
        "Numeric" => new DerNumericString(text),
        "Octets" => new DerOctetString(System.Text.Encoding.UTF8.GetBytes(text)),
        "Bits" => new DerBitString(System.Text.Encoding.UTF8.GetBytes(text)),
        "Number" => new DerInteger(System.Text.Encoding.UTF8.GetBytes(text)),
        _ => new DerSequence(new DerUtf8String(text)),
    };

    // A case's name is shown by the test runner, which does not take control characters.
    private static string Escaped(string name) => string.Concat(name.Select(c => c is >= ' ' and <= '~' and not '\\' ? c.ToString() : $"\\u{(int)c:x4}"));

    private static string Unescaped(string name) =>
        System.Text.RegularExpressions.Regex.Replace(name, @"\\u([0-9a-f]{4})", m => ((char)Convert.ToInt32(m.Groups[1].Value, 16)).ToString());

    private static AsymmetricCipherKeyPair Rsa(int bits)
    {
        var generator = new RsaKeyPairGenerator();
        generator.Init(new RsaKeyGenerationParameters(BigInteger.ValueOf(65537), TestAuthority.Random, bits, 25));
        return generator.GenerateKeyPair();
    }

    private static AsymmetricCipherKeyPair Ed25519()
    {
        var generator = new Ed25519KeyPairGenerator();
        generator.Init(new Ed25519KeyGenerationParameters(TestAuthority.Random));
        return generator.GenerateKeyPair();
    }

    private static X509Certificate2 SelfSigned(X509Name subject)
    {
        var draft = Client(subject);
        return Load(draft.Sign(subject, draft.Key.Private, draft.Key.Public));
    }

    private static TestAuthority ClientAsAuthority() => TestAuthority.Create("CN=alice", Authority, usage: KeyUsage.DigitalSignature, isAuthority: false);

    private static X509Certificate2 Load(Org.BouncyCastle.X509.X509Certificate certificate) => Load(certificate.GetEncoded());

    private static X509Certificate2 Load(byte[] der) => X509CertificateLoader.LoadCertificate(der);

    private static byte[] Patched(byte[] der, ReadOnlySpan<byte> from, ReadOnlySpan<byte> to)
    {
        to.CopyTo(der.AsSpan(der.AsSpan().LastIndexOf(from), to.Length));
        return der;
    }

    /// <summary>"alice" whose first letter takes two bytes, as no encoder may write it.</summary>
    private sealed class Overlong : Asn1Encodable
    {
        public override Asn1Object ToAsn1Object() => Asn1Object.FromByteArray([0x0c, 6, 0xc1, 0xa1, .. "lice"u8]);
    }
}
