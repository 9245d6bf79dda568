using System.Security.Cryptography.X509Certificates;
using Gateway.Identity;
using Gateway.Tests.Identity.Support;
using Org.BouncyCastle.Asn1;
using Org.BouncyCastle.Asn1.X509;
using Org.BouncyCastle.Math;
using Org.BouncyCastle.X509;
using Xunit;

namespace Gateway.Tests.Identity;

/// <summary>Which files of revocation lists count, and which are refused in which words (threats §7).</summary>
public class RevocationListsTests
{
    private static readonly TestAuthority Authority = TestAuthority.Create();
    private static readonly TestAuthority Second = TestAuthority.Create("CN=Second CA");
    private static readonly X509Certificate2 Alice = Authority.Issue(CertificateDraft.Client());

    [Fact]
    public void ReadsPem() => Assert.NotNull(Find(Parse(TestAuthority.PemOf(Authority.List(Alice)))));

    [Fact]
    public void ReadsDer() => Assert.NotNull(Find(Parse(Authority.List(Alice).GetEncoded())));

    [Fact]
    public void ReadsOneListForEachAuthority()
    {
        var lists = RevocationLists.Parse("crl.pem", TestAuthority.PemOf(Second.List(), Authority.List(Alice)), Both, null);

        Assert.Equal(2, lists.All.Count);
        Assert.NotNull(lists.Find(Alice, Both.PathOf(Alice)));
    }

    [Fact]
    public void TakesAListOfTheSameSecond() => Parse(TestAuthority.PemOf(Authority.List(Alice)), Parse(TestAuthority.PemOf(Authority.List())));

    public static TheoryData<string, string> Files => new([.. FileCases.Select(c => (c.Key, c.Value.Words))]);

    private static Dictionary<string, (Func<byte[]> Bytes, string Words)> FileCases { get; } = new()
    {
        ["empty"] = (() => [], "holds no revocation list"),
        ["text"] = (() => "no list"u8.ToArray(), "holds no revocation list"),
        ["a certificate"] = (() => System.Text.Encoding.ASCII.GetBytes(Authority.Pem), "holds no revocation list"),
        ["half of a block"] = (() => Half(TestAuthority.PemOf(Authority.List(Alice))), "not written to its end"),
        ["a block and a half"] = (() => [.. TestAuthority.PemOf(Authority.List()), .. Half(TestAuthority.PemOf(Authority.List(Alice)))], "not written to its end"),
        ["half of the DER"] = (() => Half(Authority.List(Alice).GetEncoded()), "not a readable"),
        ["DER and something"] = (() => [.. Authority.List(Alice).GetEncoded(), 0], "not a readable"),
        ["not base64"] = (() => "-----BEGIN X509 CRL-----\n!!\n-----END X509 CRL-----\n"u8.ToArray(), "Base-64"),
        ["a stranger's of the same name"] = (() => TestAuthority.PemOf(TestAuthority.Create().List()), "not signed by a CA"),
        ["of another name"] = (() => TestAuthority.PemOf(Authority.List(new ListDraft { Issuer = new X509Name("CN=Other CA") })), "not signed by a CA"),
        ["changed after signing"] = (() => Changed(Authority.List(Alice)), "not signed by a CA"),
        ["two of one CA"] = (() => TestAuthority.PemOf(Authority.List(), Authority.List(Alice)), "two revocation lists"),
        ["without next update"] = (() => TestAuthority.PemOf(Authority.List(new ListDraft { Ends = null })), "no next update"),
        ["ends before it begins"] = (() => TestAuthority.PemOf(Authority.List(new ListDraft { Ends = TimeSpan.FromHours(-2) })), "ends before it begins"),
        ["SHA-1"] = (() => TestAuthority.PemOf(Authority.List(new ListDraft { Signature = "SHA1WITHECDSA" })), "SHA-1"),
        ["a delta list"] = (() => With(g => g.AddExtension(X509Extensions.DeltaCrlIndicator, true, new CrlNumber(BigInteger.One))), "delta"),
        ["a delta list that is not critical"] = (() => With(g => g.AddExtension(X509Extensions.DeltaCrlIndicator, false, new CrlNumber(BigInteger.One))), "delta"),
        ["for a part of the certificates"] = (() => With(g => g.AddExtension(X509Extensions.IssuingDistributionPoint, true, new IssuingDistributionPoint(null, true, false, null, false, false))), "not understood"),
        ["indirect"] = (() => With(g => g.AddExtension(X509Extensions.IssuingDistributionPoint, true, new IssuingDistributionPoint(null, false, false, null, true, false))), "not understood"),
        ["an unknown critical extension"] = (() => With(g => g.AddExtension(new DerObjectIdentifier("1.3.6.1.4.1.55555.1"), true, new DerUtf8String("x"))), "not understood"),
        ["removeFromCRL"] = (() => TestAuthority.PemOf(Authority.List(new ListDraft { Revoked = [Alice], Reason = CrlReason.RemoveFromCrl })), "removeFromCRL"),
        ["an entry of another issuer"] = (() => With(AddForeignEntry), "not understood"),
    };

    [Theory]
    [MemberData(nameof(Files))]
    public void RefusesAFile(string file, string words)
    {
        var refusal = Assert.Throws<FormatException>(() => Parse(FileCases[file].Bytes()));

        Assert.StartsWith("crl.pem: ", refusal.Message, StringComparison.Ordinal);
        Assert.Contains(words, refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void RefusesAFileThatLeavesAnAuthorityOut() => Assert.Contains(
        "no revocation list of the CA \"Second CA\"",
        Assert.Throws<FormatException>(() => RevocationLists.Parse("crl.pem", TestAuthority.PemOf(Authority.List()), Both, null)).Message,
        StringComparison.Ordinal);

    [Theory]
    [InlineData(-2, 2)]
    [InlineData(-1, 0)]
    public void RefusesAnOlderListThanTheOneInForce(int begins, int number)
    {
        var older = TestAuthority.PemOf(Authority.List(new ListDraft { Begins = TimeSpan.FromHours(begins), Number = number }));

        Assert.Contains("older", Assert.Throws<FormatException>(() => Parse(older, Parse(TestAuthority.PemOf(Authority.List(Alice))))).Message, StringComparison.Ordinal);
    }

    private static ClientAuthorities Both { get; } = ClientAuthorities.Parse("ca.pem", Authority.Pem + Second.Pem);

    private static RevocationLists Parse(byte[] bytes, RevocationLists? inForce = null) => RevocationLists.Parse("crl.pem", bytes, Authority.Trust().Authorities, inForce);

    private static (Authority? Revoked, DateTimeOffset At)? Find(RevocationLists lists) => lists.Find(Alice, Authority.Trust().Authorities.PathOf(Alice));

    private static byte[] With(Action<X509V2CrlGenerator> change) => TestAuthority.PemOf(Authority.List(new ListDraft { Change = change }));

    private static byte[] Half(byte[] bytes) => bytes[..(bytes.Length / 2)];

    private static byte[] Changed(X509Crl list)
    {
        var der = list.GetEncoded();
        var at = der.AsSpan().IndexOf(Alice.SerialNumberBytes.Span);
        der[at + 3] ^= 1;
        return der;
    }

    private static void AddForeignEntry(X509V2CrlGenerator generator)
    {
        var extensions = new X509ExtensionsGenerator();
        extensions.AddExtension(X509Extensions.CertificateIssuer, true, new GeneralNames(new GeneralName(new X509Name("CN=Other CA"))));
        generator.AddCrlEntry(BigInteger.Ten, TestAuthority.Now.UtcDateTime, extensions.Generate());
    }
}
