using Gateway.Tests.Policy.Files.Support;
using Xunit;

namespace Gateway.Tests.Policy.Files;

public sealed class PolicyPlacesTests : IDisposable
{
    private readonly PolicyDirectory folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void KnowsWhereRolesRulesAndGrantsStand()
    {
        var file = folder.Write("a.yaml", """
            version: 1
            roles:
              dev:
                rules:
                  - id: run
                    allow: [ContainerCreate]
                grants:
                  capabilities: [NET_ADMIN, SYS_TIME]
                  binds:
                    - {source: /srv/data, access: ro}
            """);

        var places = folder.Load().Policy!.Places;

        Assert.Equal($"{file}:3:3", places.Of("roles", "dev").ToString());
        Assert.Equal($"{file}:5:9", places.Of("roles", "dev", "rules", "run").ToString());
        Assert.Equal($"{file}:8:33", places.Of("roles", "dev", "grants", "capabilities", "SYS_TIME").ToString());
        Assert.Equal($"{file}:10:11", places.Of("roles", "dev", "grants", "binds", "0").ToString());
        Assert.Equal($"{file}:7:5", places.Of("roles", "dev", "grants", "privileged").ToString());
        Assert.Null(places.Exactly("roles", "dev", "grants", "privileged"));
    }
}
