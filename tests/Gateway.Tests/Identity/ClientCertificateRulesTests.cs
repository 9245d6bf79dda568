using System.Security.Cryptography.X509Certificates;
using Gateway.Identity;
using Gateway.Tests.Identity.Support;
using Org.BouncyCastle.Asn1;
using Org.BouncyCastle.Asn1.X509;
using Xunit;
using static Gateway.Tests.Identity.Support.CertificateDraft;

namespace Gateway.Tests.Identity;

/// <summary>Which certificates name a user, and in which words the others are refused (threats §7, I57).</summary>
public class ClientCertificateRulesTests
{
    private static readonly TestAuthority Authority = TestAuthority.Create();

    [Theory]
    [InlineData("alice")]
    [InlineData("alice.b-c_d")]
    [InlineData("0")]
    public void NamesTheUserByTheOneCommonName(string name) => Assert.Equal(name, Identify(Client(name)).Name);

    [Fact]
    public void NamesTheUserInAPrintableString() => Assert.Equal("alice", Identify(Client(SubjectOf([Cn(new DerPrintableString("alice"))]))).Name);

    [Fact]
    public void NamesTheUserOfACertificateWithoutKeyUsage() => Assert.Equal("alice", Identify(Client() with { KeyUsage = null, Constraints = null }).Name);

    [Theory]
    [InlineData("user:alice")]
    [InlineData("spiffe://example.com/user/alice")]
    public void NamesTheUserWhomAUriNamesToo(string uri) => Assert.Equal("alice", Identify(Client() with { Change = g => AddUri(g, uri) }).Name);

    [Fact]
    public void GivesPlainOrganizationsAsGroups() => Assert.Equal(
        ["ops", "dev"],
        Identify(Client(SubjectOf([O(new DerUtf8String("ops"))], [O(new DerPrintableString("dev"))], [Cn(new DerUtf8String("alice"))]))).Organizations);

    [Fact]
    public void SaysWhoWasRevokedWhen()
    {
        var certificate = Authority.Issue(Client());
        var identity = Identify(certificate, Lists(Authority.List(certificate)));

        Assert.Equal($"certificate \"alice\" (serial {certificate.SerialNumber.ToLowerInvariant().TrimStart('0')}) was revoked on 2026-10-31 23:00:00Z; ask for a new one", identity.Refusal);
    }

    [Fact]
    public void KeepsTheNameOfARefusedCertificateForTheRecord()
    {
        var identity = Identify(Client() with { Until = TestAuthority.Now.AddSeconds(-1) });

        Assert.Equal((null, "alice"), (identity.Name, identity.ClaimedName));
    }

    [Fact]
    public void SaysOfARevokedCertificateThatItIsRevokedEvenWhereTheListIsStale()
    {
        var certificate = Authority.Issue(Client());
        var identity = ClientCertificateRules.Identify(certificate, Authority.Trust(Lists(Authority.List(certificate))), TestAuthority.Now.AddDays(8), "test");

        Assert.Contains("was revoked on", identity.Refusal, StringComparison.Ordinal);
    }

    [Fact]
    public void I61_RefusesEverybodyWhileTheListIsStale()
    {
        var identity = ClientCertificateRules.Identify(Authority.Issue(Client()), Authority.Trust(Lists(Authority.List())), TestAuthority.Now.AddDays(8), "test");

        Assert.Contains("stale since 2026-11-08", identity.Refusal, StringComparison.Ordinal);
    }

    [Fact]
    public void AcceptsAStaleListWhereThatWasAskedFor()
    {
        var trust = Authority.Trust(Lists(Authority.List())) with { StaleListsRefuse = false };

        Assert.Equal("alice", ClientCertificateRules.Identify(Authority.Issue(Client()), trust, TestAuthority.Now.AddDays(8), "test").Name);
    }

    [Fact]
    public void RefusesACertificateWhoseAuthorityHasEnded()
    {
        var ended = TestAuthority.Create(until: TestAuthority.Now.AddSeconds(-1));
        var identity = ClientCertificateRules.Identify(ended.Issue(Client()), ended.Trust(), TestAuthority.Now, "test");

        Assert.Contains("CA \"Test CA\"", identity.Refusal, StringComparison.Ordinal);
    }

    [Fact]
    public void RefusesACertificateBelowARevokedIntermediate()
    {
        var middle = TestAuthority.Create("CN=Middle", Authority);
        var trust = new ClientTrust(
            ClientAuthorities.Parse("ca.pem", Authority.Pem + middle.Pem), null, true);
        var lists = RevocationLists.Parse("crl.pem", TestAuthority.PemOf(Authority.List(middle.Certificate), middle.List()), trust.Authorities, null);

        Assert.Contains("the CA \"Middle\"", ClientCertificateRules.Identify(middle.Issue(Client()), trust with { Revoked = lists }, TestAuthority.Now, "test").Refusal, StringComparison.Ordinal);
    }

    internal static void AddUri(Org.BouncyCastle.X509.X509V3CertificateGenerator generator, string uri) =>
        generator.AddExtension(X509Extensions.SubjectAlternativeName, false, new GeneralNames(new GeneralName(GeneralName.UniformResourceIdentifier, uri)));

    private static RevocationLists Lists(Org.BouncyCastle.X509.X509Crl list) =>
        RevocationLists.Parse("crl.pem", TestAuthority.PemOf(list), Authority.Trust().Authorities, null);

    private static ClientIdentity Identify(CertificateDraft draft) => Identify(Authority.Issue(draft), null);

    private static ClientIdentity Identify(X509Certificate2 certificate, RevocationLists? lists) =>
        ClientCertificateRules.Identify(certificate, Authority.Trust(lists), TestAuthority.Now, "test");
}
