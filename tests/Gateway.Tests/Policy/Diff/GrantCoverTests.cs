using System.Net;
using System.Reflection;
using Gateway.Policy;
using Gateway.Policy.Diff;
using Gateway.Policy.Listing;
using Gateway.Policy.Testing;
using Xunit;

namespace Gateway.Tests.Policy.Diff;

/// <summary>No grant is forgotten where grants are compared, taken apart or listed: a new property without its case here fails.</summary>
public sealed class GrantCoverTests
{
    private static readonly Dictionary<string, Grants> Granting = new(StringComparer.Ordinal)
    {
        [nameof(Grants.Images)] = new() { Images = ["docker.io/library/nginx:*"] },
        [nameof(Grants.OwnImages)] = new() { OwnImages = ["docker.io/alice/*"] },
        [nameof(Grants.Binds)] = new() { Binds = [new BindGrant("/srv", false, false)] },
        [nameof(Grants.Networks)] = new() { Networks = ["own"] },
        [nameof(Grants.Publish)] = new() { Publish = new PublishGrant(["127.0.0.1"], [new PortRange(80, 80)]) },
        [nameof(Grants.Capabilities)] = new() { Capabilities = ["NET_ADMIN"] },
        [nameof(Grants.Devices)] = new() { Devices = [new DeviceGrant("/dev/fuse", "r")] },
        [nameof(Grants.Gpus)] = new() { Gpus = 1 },
        [nameof(Grants.Runtimes)] = new() { Runtimes = ["runsc"] },
        [nameof(Grants.Sysctls)] = new() { Sysctls = ["net.core.somaxconn"] },
        [nameof(Grants.SecurityOptions)] = new() { SecurityOptions = ["label=disable"] },
        [nameof(Grants.HostNamespaces)] = new() { HostNamespaces = ["uts"] },
        [nameof(Grants.Privileged)] = new() { Privileged = true },
        [nameof(Grants.NonRoot)] = new() { NonRoot = true },
        [nameof(Grants.Memory)] = new() { Memory = new Limit(1L << 29, 1L << 33) },
        [nameof(Grants.Cpus)] = new() { Cpus = new Limit(1_000_000_000, 8_000_000_000) },
        [nameof(Grants.Pids)] = new() { Pids = new Limit(256, 4096) },
        [nameof(Grants.ShmSize)] = new() { ShmSize = 1L << 31 },
        [nameof(Grants.Ulimits)] = new() { Ulimits = new Dictionary<string, long> { ["nofile"] = -1 } },
        [nameof(Grants.LogDrivers)] = new() { LogDrivers = [new LogDriverGrant("journald", new Dictionary<string, string>())] },
        [nameof(Grants.Registries)] = new() { Registries = ["quay.io"] },
        [nameof(Grants.Labels)] = new() { Labels = ["traefik.*"] },
        [nameof(Grants.Subnets)] = new() { Subnets = [IPNetwork.Parse("10.9.0.0/16")] },
    };

    public static TheoryData<string> Properties => [.. typeof(Grants).GetProperties(BindingFlags.Public | BindingFlags.Instance).Where(p => p.CanWrite).Select(p => p.Name).Except([nameof(Grants.ReservedLabels)])];

    [Theory]
    [MemberData(nameof(Properties))]
    public void ComparesEveryGrant(string property)
    {
        var (less, more) = property == nameof(Grants.NonRoot) ? (Granting[property], new Grants()) : (new Grants(), Granting[property]);
        Assert.NotEmpty(GrantCover.Missing(less, more));
        Assert.Empty(GrantCover.Missing(more, more));
    }

    [Theory]
    [MemberData(nameof(Properties))]
    public void TakesEveryGrantApart(string property)
    {
        Assert.NotEmpty(GrantPieces.Of(Granting[property]));
        Assert.True(GrantValues.Of(Granting[property]).Count() > GrantValues.Of(new Grants()).Count() || property is nameof(Grants.Memory) or nameof(Grants.Cpus) or nameof(Grants.Pids));
    }

    [Fact]
    public void SeesALabelThatIsReservedNoLonger() =>
        Assert.NotEmpty(GrantCover.Missing(new Grants { ReservedLabels = ["agent.*"] }, new Grants()));

    [Fact]
    public void SeesAnUlimitThatWasBelowTheGatewaysOwn() =>
        Assert.NotEmpty(GrantCover.Missing(new Grants { Ulimits = new Dictionary<string, long> { ["nofile"] = 1024 } }, new Grants()));
}
