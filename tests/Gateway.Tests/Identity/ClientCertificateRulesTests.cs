using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Gateway.Identity;
using Xunit;

namespace Gateway.Tests.Identity;

/// <summary>Which certificates name a user, and which are refused in words (threats §7, I57).</summary>
public class ClientCertificateRulesTests
{
    private const string ClientAuth = "1.3.6.1.5.5.7.3.2";
    private const string ServerAuth = "1.3.6.1.5.5.7.3.1";
    private static readonly DateTimeOffset Now = new(2026, 11, 1, 0, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData("CN=alice", "alice")]
    [InlineData("O=ops, CN=alice.b-c_d", "alice.b-c_d")]
    public void NamesTheUserByTheOneCommonName(string subject, string name) => Assert.Equal(name, Identify(subject).Name);

    [Theory]
    [InlineData("CN=alice, CN=bob")]
    [InlineData("CN=Alice")]
    [InlineData("CN=al ice")]
    [InlineData("CN=аlice")]
    [InlineData("CN=alice+OU=x")]
    [InlineData("O=alice")]
    [InlineData("CN=\"alice,CN=root\"")]
    [InlineData("CN=-alice")]
    public void RefusesNamesThatCouldBeReadInTwoWays(string subject)
    {
        var identity = Identify(subject);

        Assert.Null(identity.Name);
        Assert.Contains("CN", identity.Refusal, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(ServerAuth, -1, 1, "not for clients")]
    [InlineData(ClientAuth, -2, -1, "expired")]
    [InlineData(ClientAuth, 1, 2, "not valid before")]
    public void RefusesInWords(string usage, int from, int to, string words) =>
        Assert.Contains(words, Identify("CN=alice", usage, from, to).Refusal, StringComparison.Ordinal);

    [Fact]
    public void RefusesAnAuthoritysCertificate() => Assert.Contains("CA", Identify("CN=alice", ClientAuth, -1, 1, authority: true).Refusal, StringComparison.Ordinal);

    [Fact]
    public void RefusesAWeakKey()
    {
        using var key = RSA.Create(1024);
        var request = new CertificateRequest("CN=alice", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);

        Assert.Contains("weaker", Identify(request, ClientAuth, -1, 1, false).Refusal, StringComparison.Ordinal);
    }

    [Fact]
    public void GivesOrganizationsAsGroups() => Assert.Equal(["ops"], Identify("O=ops, O=Bad Name, CN=alice").Organizations);

    private static ClientIdentity Identify(string subject, string usage = ClientAuth, int from = -1, int to = 1, bool authority = false)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        return Identify(new CertificateRequest(subject, key, HashAlgorithmName.SHA256), usage, from, to, authority);
    }

    private static ClientIdentity Identify(CertificateRequest request, string usage, int from, int to, bool authority)
    {
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(authority, false, 0, true));
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid(usage)], false));
        using var certificate = request.CreateSelfSigned(Now.AddDays(from), Now.AddDays(to));
        return ClientCertificateRules.Identify(certificate, null, Now, "test");
    }
}
