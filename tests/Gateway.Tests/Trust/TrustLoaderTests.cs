using Gateway.Tests.Identity.Support;
using Gateway.Tests.Trust.Support;
using Gateway.Trust;
using Org.BouncyCastle.Asn1.X509;
using Xunit;

namespace Gateway.Tests.Trust;

/// <summary>A fault at the start leaves nothing, a fault at a reload leaves what was in force (I60).</summary>
public sealed class TrustLoaderTests : IDisposable
{
    private readonly TrustFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void LoadsAWholeFolder() => Assert.Empty(folder.Load().Faults);

    public static TheoryData<string> Faults => [.. FaultCases.Keys];

    private static Dictionary<string, (Action<TrustFolder> Break, string Words)> FaultCases { get; } = new()
    {
        ["policy: broken YAML"] = (f => f.WritePolicy("version: 1\nusers: [\n"), "users.yaml:"),
        ["policy: unknown role"] = (f => f.WritePolicy("version: 1\nusers:\n  alice: {roles: [gone]}\n"), "unknown role \"gone\""),
        ["policy: no file"] = (f => File.Delete(f.Path("policies/users.yaml")), "holds no policy file"),
        ["policy: no folder"] = (f => Directory.Delete(f.Path("policies"), true), "no such folder"),
        ["ca: gone"] = (f => File.Delete(f.Path("ca.pem")), "no such file"),
        ["ca: half"] = (f => Cut(f.Path("ca.pem")), "ca.pem"),
        ["ca: empty"] = (f => File.WriteAllText(f.Path("ca.pem"), ""), "holds no certificate"),
        ["ca: another without its list"] = (f => f.WriteAuthorities(f.Authority, TestAuthority.Create("CN=Second CA")), "no revocation list of the CA \"Second CA\""),
        ["cert: gone"] = (f => File.Delete(f.Path("cert.pem")), "no such file"),
        ["cert: half"] = (f => Cut(f.Path("cert.pem")), "cert.pem"),
        ["cert: of another key"] = (f => f.WriteCertificate(TestAuthority.NewKey(), KeyPurposeID.id_kp_serverAuth), "no certificate with its key"),
        ["cert: a client's"] = (f => f.WriteCertificate(TestAuthority.NewKey(), KeyPurposeID.id_kp_clientAuth), "cert.pem"),
        ["key: half"] = (f => Cut(f.Path("key.pem")), "key.pem"),
        ["crl: gone"] = (f => File.Delete(f.Path("crl.pem")), "no such file"),
        ["crl: empty"] = (f => File.WriteAllText(f.Path("crl.pem"), ""), "holds no revocation list"),
        ["crl: half"] = (f => Cut(f.Path("crl.pem")), "not written to its end"),
        ["crl: a stranger's"] = (f => f.WriteList(TestAuthority.Create().List()), "not signed by a CA"),
        ["crl: past its next update"] = (f => f.WriteList(f.Authority.List(new ListDraft { Begins = TimeSpan.FromMinutes(-30), Ends = TimeSpan.FromMinutes(-1), Number = 2 })), "next update was due"),
    };

    [Theory]
    [MemberData(nameof(Faults))]
    public void I60_LeavesNothingAtTheStart(string fault)
    {
        FaultCases[fault].Break(folder);
        var load = folder.Load();

        Assert.Null(load.Snapshot);
        Assert.Contains(load.Faults, f => f.Contains(FaultCases[fault].Words, StringComparison.Ordinal));
    }

    [Theory]
    [MemberData(nameof(Faults))]
    public void I60_LeavesWhatWasInForceAtAReload(string fault)
    {
        var inForce = folder.Whole();
        FaultCases[fault].Break(folder);
        var load = folder.Load(inForce);

        Assert.Contains(load.Faults, f => f.Contains(FaultCases[fault].Words, StringComparison.Ordinal));
        switch (fault.Split(':')[0])
        {
            case "policy":
                Assert.Same(inForce.Policy, load.Snapshot!.Policy);
                break;
            case "cert" or "key":
                Assert.Same(inForce.Server, load.Snapshot!.Server);
                break;
            default:
                Assert.Same(inForce.Clients.Authorities, load.Snapshot!.Clients.Authorities);
                break;
        }
    }

    [Fact]
    public void KeepsAnOlderListOut()
    {
        var certificate = folder.Authority.Issue(CertificateDraft.Client());
        folder.WriteList(folder.Authority.List(certificate));
        var inForce = folder.Whole();
        folder.WriteList(folder.Authority.List(new ListDraft { Begins = TimeSpan.FromHours(-2), Number = 0 }));
        var load = folder.Load(inForce);

        Assert.Contains("older", Assert.Single(load.Faults), StringComparison.Ordinal);
        Assert.Equal(1, load.Snapshot!.Clients.Revoked!.Count);
    }

    [Fact]
    public void LetsARevocationCountWhileAPolicyFileIsBroken()
    {
        var inForce = folder.Whole();
        var certificate = folder.Authority.Issue(CertificateDraft.Client());
        folder.WritePolicy("broken");
        folder.WriteList(folder.Authority.List(certificate));

        Assert.Equal(1, folder.Load(inForce).Snapshot!.Clients.Revoked!.Count);
    }

    [Fact]
    public void LetsARevocationCountWhileTheAuthoritiesDoNotFit()
    {
        var inForce = folder.Whole();
        folder.WriteAuthorities(folder.Authority, TestAuthority.Create("CN=Second CA"));
        folder.WriteList(folder.Authority.List(folder.Authority.Issue(CertificateDraft.Client())));
        var load = folder.Load(inForce);

        Assert.Single(load.Snapshot!.Clients.Authorities.All);
        Assert.Equal(1, load.Snapshot.Clients.Revoked!.Count);
    }

    [Fact]
    public void TrustsAnAuthorityOnceItsListIsThere()
    {
        var inForce = folder.Whole();
        var second = TestAuthority.Create("CN=Second CA");
        folder.WriteAuthorities(folder.Authority, second);
        folder.WriteList(folder.Authority.List(), second.List());
        var load = folder.Load(inForce);

        Assert.Empty(load.Faults);
        Assert.Equal(2, load.Snapshot!.Clients.Authorities.All.Count);
    }

    [Fact]
    public void StartsWithAStaleListWhereThatWasAskedFor()
    {
        folder.WriteList(folder.Authority.List(new ListDraft { Ends = TimeSpan.FromMinutes(-1) }));
        var load = TrustLoader.Load(folder.Files with { StaleListsRefuse = false }, null, TestAuthority.Now);

        Assert.NotNull(load.Snapshot);
        Assert.Contains(TrustExpiry.Soon(load.Snapshot, TestAuthority.Now), s => s.Contains("the revocation list of \"Test CA\" ended", StringComparison.Ordinal));
    }

    [Fact]
    public void WarnsOfAListADayBeforeItsEnd()
    {
        folder.WriteList(folder.Authority.List(new ListDraft { Ends = TimeSpan.FromHours(23) }));

        Assert.Contains(TrustExpiry.Soon(folder.Whole(), TestAuthority.Now), s => s.Contains("the revocation list of \"Test CA\" ends", StringComparison.Ordinal));
    }

    [Fact]
    public void ExpectsAListOnlyOnceItWasThere()
    {
        File.Delete(folder.Path("crl.pem"));
        var files = folder.Files with { RevocationExpected = false };
        var without = TrustLoader.Load(files, null, TestAuthority.Now);
        folder.WriteList(folder.Authority.List());
        var with = TrustLoader.Load(files, without.Snapshot, TestAuthority.Now);
        File.Delete(folder.Path("crl.pem"));
        var vanished = TrustLoader.Load(files, with.Snapshot, TestAuthority.Now);

        Assert.Contains("no revocation list is configured", Assert.Single(without.Warnings, w => w.Contains("revocation", StringComparison.Ordinal)), StringComparison.Ordinal);
        Assert.NotNull(with.Snapshot!.Clients.Revoked);
        Assert.Contains("no such file", Assert.Single(vanished.Faults), StringComparison.Ordinal);
        Assert.Same(with.Snapshot.Clients.Revoked, vanished.Snapshot!.Clients.Revoked);
    }

    private static void Cut(string file)
    {
        var text = File.ReadAllText(file);
        File.WriteAllText(file, text[..(text.Length / 2)]);
    }
}
