using Gateway.Audit;
using Gateway.Forwarding;
using Gateway.Listeners;
using Gateway.Policy.Files.Values;
using Gateway.Serve;
using Gateway.Status;
using Gateway.Trust;
using Serilog.Events;
using Xunit;

namespace Gateway.Tests.Serve;

/// <summary>What a gateway keeps from containers, of its own (Rule B9; I24).</summary>
public sealed class ServeOptionsTests
{
    private static readonly ServeOptions Options = new(
        new ListenerOptions([ListenerAddress.Parse("unix:///srv/socket/docker.sock"), ListenerAddress.Parse("tcp://127.0.0.1:2376")], null),
        EngineEndpoint.Parse("unix:///srv/engine/docker.sock"),
        new TrustFiles { Policies = "/srv/policies", AuthorityFile = "/srv/keys/ca.pem", CertificateFile = "/srv/keys/cert.pem", KeyFile = "/srv/keys/key.pem", RevocationFile = "/srv/keys/crl.pem" },
        "/srv/audit/log",
        TimeSpan.Zero,
        new StatusOptions(null, "/srv/control/a.sock"),
        LogEventLevel.Error)
    {
        Audit = new AuditLogOptions { Keep = 3 },
        ConfigFile = "/srv/settings/gateway.yaml",
        SignatureFiles = ["/srv/signed/policies.sig", null],
    };

    [Theory]
    [InlineData("/srv/socket")]
    [InlineData("/srv/socket/docker.sock")]
    [InlineData("/srv/engine/docker.sock")]
    [InlineData("/srv/policies/sub")]
    [InlineData("/srv/keys")]
    [InlineData("/srv/keys/key.pem")]
    [InlineData("/srv/audit/log")]
    [InlineData("/srv/audit/log.head")]
    [InlineData("/srv/audit/log.3")]
    [InlineData("/srv/control/a.sock")]
    [InlineData("/srv/settings")]
    [InlineData("/srv/signed/policies.sig")]
    public void I24_GrantsNothingOfItsOwn(string source) =>
        Assert.NotNull(new NeverBindable(Options.TrustFiles.PolicyOptions.ProtectedPaths).Meets(source));

    [Fact]
    public void I24_KeepsItsOwnProgram() => Assert.Contains(AppContext.BaseDirectory.TrimEnd('/'), Options.ProtectedFiles.Paths);

    [Fact]
    public void LeavesWhatIsBesideThem() => Assert.Null(new NeverBindable(Options.ProtectedFiles.Paths).Meets("/srv/data"));
}
