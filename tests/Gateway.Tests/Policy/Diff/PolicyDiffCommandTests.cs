using System.Text.Json;
using Gateway.Policy.Commands;
using Gateway.Tests.Policy.Files.Support;
using Xunit;

namespace Gateway.Tests.Policy.Diff;

public sealed class PolicyDiffCommandTests : IDisposable
{
    private const string Users = "\nusers: {alice: {roles: [r]}}";

    private readonly PolicyDirectory _old = new();
    private readonly PolicyDirectory _new = new();
    private readonly StringWriter _output = new();
    private readonly StringWriter _error = new();

    public void Dispose()
    {
        _old.Dispose();
        _new.Dispose();
        _output.Dispose();
        _error.Dispose();
    }

    [Theory]
    [InlineData("{rules: [{id: a, allow: [ContainerStop, ContainerStart]}]}", "{rules: [{id: b, allow: [ContainerStart]}, {id: c, allow: [ContainerStop]}]}", "same rights: proved")]
    [InlineData("{rules: [{id: a, allow: [\"Container*\"], on: all}]}", "{rules: [{id: a, allow: [ContainerStop]}]}", "no gain: proved")]
    [InlineData("{rules: [{id: a, allow: [ContainerCreate]}], grants: {images: [\"docker.io/library/*\"], networks: [bridge]}}", "{rules: [{id: a, allow: [ContainerCreate]}], grants: {images: [nginx, \"busybox:1.*\"], networks: [bridge]}}", "no gain: proved")]
    [InlineData("{rules: [{id: a, allow: [ContainerStop], on: {name: \"web*\"}}]}", "{rules: [{id: a, allow: [ContainerStop], on: {name: \"web-*-x\"}}]}", "no gain: proved")]
    [InlineData("{rules: [{id: a, allow: [ContainerStop]}]}", "{rules: [{id: a, allow: [ContainerStop]}, {id: b, deny: [ContainerStop]}]}", "no gain: proved")]
    [InlineData("{rules: [{id: a, allow: [ContainerCreate]}], grants: {images: [nginx], networks: [bridge], publish: {addresses: [127.0.0.1], ports: [8000-8100, 8101-8200]}}}", "{rules: [{id: a, allow: [ContainerCreate]}], grants: {images: [nginx], networks: [bridge], publish: {addresses: [127.0.0.1], ports: 8090-8110}}}", "no gain: proved")]
    public void ProvesThatNothingIsGained(string old, string now, string said)
    {
        Assert.NotEqual(4, Run(old, now));
        Assert.Contains(said, _output.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain("gains", _output.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("", "groups: {g: {roles: [r], unix-group: wheel}}", "anyone with local group wheel gains")]
    [InlineData("groups: {g: {roles: [r], unix-group: wheel}}", "groups: {g: {roles: [r], unix-group: staff}}", "anyone with local group staff gains")]
    [InlineData("users: {alice: {roles: [r]}}", "users: {alice: {roles: [r], unix: asmith}}", "alice is now recognised by another key or account")]
    [InlineData("users: {alice: {roles: [r], unix: asmith}}", "users: {alice: {roles: [r], unix: bsmith}}", "alice is now recognised by another key or account")]
    public void FindsWhichAccountsGain(string old, string now, string said)
    {
        const string role = "version: 1\nroles: {r: {rules: [{id: a, allow: [ContainerStop]}]}}\n";
        _old.Write("p.yaml", role + old);
        _new.Write("p.yaml", role + now);

        Assert.Equal(1, PolicyDiffCommand.Run(_old.Root, _new.Root, "text", _output, _error));
        Assert.Contains(said, _output.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("{rules: [{id: a, allow: [ContainerStop]}]}", "{rules: [{id: a, allow: [ContainerStop], on: all}]}", "+ ContainerStop on all (role r, rule a)")]
    [InlineData("{rules: [{id: a, allow: [ContainerStop], on: {name: \"web-*\"}}]}", "{rules: [{id: a, allow: [ContainerStop], on: {name: \"web*\"}}]}", "+ ContainerStop on {name: \"web*\"}")]
    [InlineData("{rules: [{id: a, allow: [ContainerStop], on: {label: {a: b}}}]}", "{rules: [{id: a, allow: [ContainerStop], on: {image: nginx}}]}", "+ ContainerStop on {image: ")]
    [InlineData("{rules: [{id: a, allow: [ContainerCreate]}], grants: {images: [nginx], networks: [bridge]}}", "{rules: [{id: a, allow: [ContainerCreate]}], grants: {images: [nginx], networks: [bridge], capabilities: [NET_ADMIN]}}", "+ capabilities: NET_ADMIN, for ContainerCreate (role r)")]
    [InlineData("{rules: [{id: a, allow: [ContainerCreate]}], grants: {images: [\"nginx:1.*\"], networks: [bridge]}}", "{rules: [{id: a, allow: [ContainerCreate]}], grants: {images: [nginx], networks: [bridge]}}", "+ images: docker.io/library/nginx:*")]
    [InlineData("{rules: [{id: a, allow: [ContainerCreate]}], grants: {images: [nginx], networks: [bridge], publish: {addresses: [127.0.0.1], ports: 8000-8100}}}", "{rules: [{id: a, allow: [ContainerCreate]}], grants: {images: [nginx], networks: [bridge], publish: {addresses: [127.0.0.1], ports: 8000-8101}}}", "+ publish: ")]
    [InlineData("{rules: [{id: a, allow: [ContainerCreate]}], grants: {images: [nginx], networks: [bridge]}}", "{rules: [{id: a, allow: [ContainerCreate]}], grants: {images: [nginx], networks: [bridge], memory: {default: 512m, max: 4g}}}", "+ memory: {max: 4g} (was 2g)")]
    [InlineData("{rules: [{id: a, allow: [ContainerStop]}, {id: b, deny: [ContainerStop]}]}", "{rules: [{id: a, allow: [ContainerStop]}]}", "+ ContainerStop on own")]
    [InlineData("{rules: [{id: a, allow: [ContainerStop], on: all}, {id: b, deny: [ContainerStop], on: {label: {keep: \"1\"}}}]}", "{rules: [{id: a, allow: [ContainerStop], on: all}]}", "+ ContainerStop on all")]
    [InlineData("{rules: [{id: a, allow: [ContainerStop]}], quota: {containers: 5}}", "{rules: [{id: a, allow: [ContainerStop]}], quota: {containers: 6}}", "+ quota: containers: 6 (was 5), for ContainerStop")]
    [InlineData("{rules: [{id: a, allow: [ContainerStop]}], rate: {requests: 5/s, burst: 10}}", "{rules: [{id: a, allow: [ContainerStop]}]}", "+ rate: none (was 5/s, burst 10), for ContainerStop")]
    [InlineData("{rules: [{id: a, allow: [ContainerCreate], on: {name: \"web-*\"}}], grants: {images: [nginx], networks: [bridge]}}", "{rules: [{id: a, allow: [ContainerCreate]}], grants: {images: [nginx], networks: [bridge]}}", "+ ContainerCreate on own")]
    [InlineData("{rules: [{id: a, allow: [VolumeCreate]}, {id: b, deny: [VolumeCreate], on: {name: \"x*\"}}]}", "{rules: [{id: a, allow: [VolumeCreate]}]}", "+ VolumeCreate on own")]
    [InlineData("{rules: [{id: a, allow: [ContainerExec]}], grants: {user: non-root}}", "{rules: [{id: a, allow: [ContainerExec]}]}", "+ user: any, for ContainerExec")]
    [InlineData("{rules: [{id: a, allow: [ContainerCreate]}], grants: {images: [nginx], networks: [bridge]}}", "{rules: [{id: a, allow: [ContainerCreate]}], grants: {images: [nginx], networks: [bridge], capabilities: [SYS_ADMIN]}}", "role \"r\" has a new way to root on the host: capability SYS_ADMIN (")]
    [InlineData("{rules: [{id: a, allow: [ContainerStop]}]}", "{root-equivalent: true, rules: [{id: a, allow: [ContainerStop]}]}", "role \"r\" becomes root-equivalent")]
    public void FindsWhatIsGained(string old, string now, string said)
    {
        Assert.Equal(1, Run(old, now));
        Assert.Contains(said, _output.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void DoesNotMixTheRightsOfTwoRoles()
    {
        // Each of the two grants existed, but in a role of its own.
        _old.Write("a.yaml", "version: 1\nroles:\n  p: {rules: [{id: a, allow: [ContainerCreate]}], grants: {images: [nginx], networks: [bridge], capabilities: [NET_ADMIN]}}\n  q: {rules: [{id: a, allow: [ContainerCreate]}], grants: {images: [busybox], networks: [bridge]}}\nusers: {alice: {roles: [p, q]}}");
        _new.Write("a.yaml", "version: 1\nroles:\n  p: {rules: [{id: a, allow: [ContainerCreate]}], grants: {images: [nginx, busybox], networks: [bridge], capabilities: [NET_ADMIN]}}\nusers: {alice: {roles: [p]}}");
        Assert.NotEqual(0, PolicyDiffCommand.Run(_old.Root, _new.Root, "text", _output, _error));
        Assert.Contains("alice gains:", _output.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void ReadsGroupsAsWhatTheyAreForEachUser()
    {
        // Nothing of the role changed: who is in which group did.
        const string Role = "version: 1\nroles: {r: {rules: [{id: a, allow: [ImageTag]}], grants: {images: [\"*\"], own-images: [\"localhost/${group}/*\"]}}}\nusers: {alice: {roles: [r]}}\n";
        _old.Write("a.yaml", Role + "groups: {red: {roles: [r], members: [alice]}}");
        _new.Write("a.yaml", Role + "groups: {blue: {roles: [r], members: [alice]}}");
        Assert.NotEqual(0, PolicyDiffCommand.Run(_old.Root, _new.Root, "text", _output, _error));
        Assert.Contains("own-images: localhost/blue/*", _output.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void SeesWhoMayNowShareANetwork()
    {
        const string Roles = "version: 1\nroles:\n  boss: {root-equivalent: true, rules: [{id: a, allow: [\"*\"], on: all}]}\n  r: {rules: [{id: a, allow: [NetworkConnect]}], grants: {networks: [front]}}\n";
        _old.Write("a.yaml", Roles + "users: {alice: {roles: [r]}, carol: {roles: [r]}}");
        _new.Write("a.yaml", Roles + "users: {alice: {roles: [r]}, carol: {roles: [boss]}}");
        Assert.NotEqual(0, PolicyDiffCommand.Run(_old.Root, _new.Root, "text", _output, _error));
        Assert.Contains("alice gains:\n  + networks: front, also one that carol made (role r)", _output.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void SeesAUserWhoIsNew()
    {
        _old.Write("a.yaml", "version: 1\nroles: {r: {rules: [{id: a, allow: [SystemVersion]}]}}");
        _new.Write("a.yaml", "version: 1\nroles: {r: {rules: [{id: a, allow: [SystemVersion]}]}}" + Users);
        Assert.Equal(1, PolicyDiffCommand.Run(_old.Root, _new.Root, "text", _output, _error));
        Assert.Contains("alice gains:\n  + SystemVersion on own (role r, rule a)\n", _output.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("json")]
    [InlineData("markdown")]
    public void WritesOtherFormats(string format)
    {
        Assert.Equal(1, Run("{rules: [{id: a, allow: [ContainerStop]}]}", "{rules: [{id: a, allow: [ContainerStop], on: all}]}", format));
        if (format == "json")
        {
            using var json = JsonDocument.Parse(_output.ToString());
            Assert.Equal("all", json.RootElement.GetProperty("gains")[0].GetProperty("on").GetString());
            Assert.True(json.RootElement.GetProperty("gains")[0].GetProperty("proven").GetBoolean());
        }
        else
        {
            Assert.Contains("| `alice` | `ContainerStop on all` | `r`, `a` |", _output.ToString(), StringComparison.Ordinal);
        }
    }

    [Fact]
    public void ExitsSeventyEightOnABrokenPolicy()
    {
        Assert.Equal(78, Run("{rules: nonsense}", "{rules: []}"));
        Assert.Contains("a.yaml:2:", _error.ToString(), StringComparison.Ordinal);
    }

    private int Run(string old, string now, string format = "text")
    {
        _old.Write("a.yaml", $"version: 1\nroles: {{r: {old}}}{Users}");
        _new.Write("a.yaml", $"version: 1\nroles: {{r: {now}}}{Users}");
        return PolicyDiffCommand.Run(_old.Root, _new.Root, format, _output, _error);
    }
}
