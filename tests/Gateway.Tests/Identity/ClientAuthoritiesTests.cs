using Gateway.Identity;
using Gateway.Tests.Identity.Support;
using Org.BouncyCastle.Asn1.X509;
using Xunit;

namespace Gateway.Tests.Identity;

/// <summary>Which CA files are taken.</summary>
public class ClientAuthoritiesTests
{
    private static readonly TestAuthority Root = TestAuthority.Create("CN=Root");

    [Fact]
    public void ClimbsFromAnIntermediateToItsRoot()
    {
        var middle = TestAuthority.Create("CN=Middle", Root);
        var path = ClientAuthorities.Parse("ca.pem", middle.Pem + Root.Pem).PathOf(middle.Issue(CertificateDraft.Client()));

        Assert.Equal(["Middle", "Root"], path.Select(a => a.Name));
    }

    [Fact]
    public void TakesACertificateThatStandsTwiceOnce() => Assert.Single(ClientAuthorities.Parse("ca.pem", Root.Pem + Root.Pem).All);

    [Theory]
    [InlineData("", "holds no certificate")]
    [InlineData("-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n", "ca.pem")]
    public void RefusesAFileWithoutAuthority(string pem, string words) => Refused(pem, words);

    [Fact]
    public void RefusesAClientsCertificateAsAuthority() =>
        Refused(Root.Pem + Root.Issue(CertificateDraft.Client()).ExportCertificatePem(), "\"alice\" is no CA's certificate");

    [Fact]
    public void RefusesAnAuthorityWhoseIssuerIsMissing() => Refused(TestAuthority.Create("CN=Middle", Root).Pem, "issuer of \"Middle\" is missing");

    [Fact]
    public void RefusesAnAuthorityThatMayNotSign() => Refused(TestAuthority.Create(usage: KeyUsage.CrlSign).Pem, "keyCertSign");

    private static void Refused(string pem, string words) =>
        Assert.Contains(words, Assert.Throws<FormatException>(() => ClientAuthorities.Parse("ca.pem", pem)).Message, StringComparison.Ordinal);
}
