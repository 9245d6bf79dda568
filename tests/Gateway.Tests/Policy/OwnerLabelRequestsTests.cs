using System.Text;
using System.Text.Json;
using Gateway.EngineApi;
using Gateway.Policy;
using Gateway.Requests;
using Gateway.Tests.Policy.Files.Support;
using Gateway.Tests.Policy.Support;
using Gateway.Wire;
using Xunit;

namespace Gateway.Tests.Policy;

/// <summary>I36, I41 and I42 in what is forwarded: ids in place of names, and the owner's label, which nobody else can set.</summary>
public sealed class OwnerLabelRequestsTests : IDisposable
{
    private static readonly string Id = new('a', 64);
    private readonly PolicyDirectory folder = new();

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData("/containers/create", """{"Image":"busybox","Labels":{"gateway.owner":"bob"}}""")]
    [InlineData("/containers/create", """{"Image":"busybox","Labels":{"GATEWAY.OWNER":"bob"}}""")]
    [InlineData("/containers/create", """{"Image":"busybox","Labels":{" gateway.owner":"bob"}}""")]
    [InlineData("/containers/create", """{"Image":"busybox","Labels":{"gateway.anything":"x"}}""")]
    [InlineData("/containers/create", """{"Image":"busybox","HostConfig":{"Mounts":[{"Type":"volume","Target":"/d","VolumeOptions":{"Labels":{"Gateway.owner":"bob"}}}]}}""")]
    [InlineData("/volumes/create", """{"Name":"v1","Labels":{"gateway.owner":"bob"}}""")]
    [InlineData("/networks/create", """{"Name":"n1","Labels":{"gatewa\u0079.owner":"bob"}}""")]
    [InlineData("/commit?container=web", """{"Labels":{"gateway.owner":"bob"}}""")]
    [InlineData("/commit?container=web&changes=LABEL%20gateway.owner%3Dbob", "{}")]
    [InlineData("/commit?container=web&changes=label%20x%3Dy", "{}")]
    [InlineData("/commit?container=web&changes=ENV%20a%3Db%0ALABEL%20gateway.owner%3Dbob", "{}")]
    [InlineData("/build?labels=%7B%22gateway.owner%22%3A%22bob%22%7D", null)]
    public void I41_TakesTheOwnersLabelFromNobody(string target, string? body) =>
        Assert.InRange(Engine().Decide(Policy(), "alice", "POST", target, body).Status, 400, 403);

    [Theory]
    [InlineData("/containers/create", """{"Image":"busybox","Labels":{"a":"b"}}""", "Labels")]
    [InlineData("/volumes/create", """{"Name":"v1"}""", "Labels")]
    [InlineData("/networks/create", """{"Name":"n1"}""", "Labels")]
    [InlineData("/commit?container=web", "{}", "Labels")]
    public void I42_PutsTheOwnerOnWhatIsMade(string target, string body, string field)
    {
        using var forwarded = JsonDocument.Parse(Forwarded(target, body));

        Assert.Equal("alice", forwarded.RootElement.GetProperty(field).GetProperty("gateway.owner").GetString());
    }

    [Fact]
    public void I42_PutsTheOwnerOnEveryVolumeOfAContainer()
    {
        using var forwarded = JsonDocument.Parse(Forwarded("/containers/create", """{"Image":"busybox","Volumes":{"/a":{}},"HostConfig":{"Binds":["/b","named:/c"],"Mounts":[{"Type":"volume","Target":"/d"}]}}"""));

        var mounts = forwarded.RootElement.GetProperty("HostConfig").GetProperty("Mounts").EnumerateArray().ToList();
        Assert.Equal(4, mounts.Count);
        Assert.All(mounts, mount => Assert.Equal("alice", mount.GetProperty("VolumeOptions").GetProperty("Labels").GetProperty("gateway.owner").GetString()));
        Assert.False(forwarded.RootElement.TryGetProperty("Volumes", out _));
    }

    [Fact]
    public void I36_ForwardsIdsInPlaceOfNames()
    {
        var forwarded = Forwarded("/containers/create", """
            {"Image":"busybox","HostConfig":{"NetworkMode":"net","PidMode":"container:web","IpcMode":"container:web","VolumesFrom":["web:ro"],"Links":["web:db"]},
             "NetworkingConfig":{"EndpointsConfig":{"net":{"Links":["web:x"]}}}}
            """);

        Assert.All((string[])["\"net\"", "container:web", "web:ro", "web:db", "web:x"], name => Assert.DoesNotContain(name, forwarded, StringComparison.Ordinal));
        Assert.Equal(6, forwarded.Split(Id).Length - 1);
        Assert.Contains($"\"{Id[..12]}:x\"", forwarded, StringComparison.Ordinal);
    }

    private static SomeEngine Engine() => new SomeEngine()
        .With(SomeEngine.Container("web", "alice"))
        .With(SomeEngine.Of(ObjectKind.Network, "net", "alice"));

    private string Forwarded(string target, string body)
    {
        var bytes = Encoding.UTF8.GetBytes(body);
        var request = RequestReader.Read(new RequestHead("POST", target, [new RequestHeader("Content-Type", "application/json")], bytes.Length, false));
        var verdict = Engine().Verdict(Policy(), "alice", request, bytes);
        Assert.True(verdict.Decision.Allowed, verdict.Decision.Detail);
        return Encoding.UTF8.GetString(verdict.Body!);
    }

    private AccessPolicy Policy()
    {
        folder.Write("a.yaml", "version: 1\nroles:\n  r: {rules: [{id: x, allow: [\"Container*\", \"Network*\", \"Volume*\", \"Image*\"]}], grants: {images: [\"docker.io/library/*\"], networks: [bridge, own]}}\nusers: {alice: {roles: [r]}}");
        var loaded = folder.Load();
        Assert.Empty(loaded.Errors);
        return loaded.Policy!;
    }
}
