using Gateway.EngineApi;
using Gateway.Tests.Policy.Files.Support;
using Gateway.Tests.Policy.Support;
using Xunit;

namespace Gateway.Tests.Policy;

/// <summary>I38, I39: images are shared by name, so a name counts as itself, whatever else the image behind it is called.</summary>
public sealed class ImageNamesTests : IDisposable
{
    private const string Digest = "sha256:0123456789012345678901234567890123456789012345678901234567890123";

    private static readonly string[] All =
        ["docker.io/library/busybox:latest", $"docker.io/library/busybox@{Digest}", "localhost/bob/x:1", $"localhost/bob/x@{Digest}", "docker.io/library/abc:latest"];

    private readonly PolicyDirectory folder = new();

    public void Dispose() => folder.Dispose();

    /// <summary>Whoever builds an image writes its labels: they count only where no name says whose it is.</summary>
    [Theory]
    [InlineData("alice", "localhost/bob/x:1", 404)]
    [InlineData("alice", null, 0)]
    [InlineData("bob", null, 404)]
    public void I43_ReadsAnImageByItsIdWhereItsNamesAllow(string owner, string? name, int status)
    {
        folder.Write("a.yaml", "version: 1\nroles:\n  r: {rules: [{id: x, allow: [ImageInspect]}], grants: {images: [busybox]}}\nusers: {alice: {roles: [r]}}\n");
        var image = SomeEngine.Of(ObjectKind.Image, "x", owner) with { ImageNames = name is null ? [] : [name] };

        Assert.Equal(status, new SomeEngine().With(image, by: "aaaaaaaaaaaa").Decide(folder.Load().Policy!, "alice", "GET", "/images/aaaaaaaaaaaa/json").Status);
    }

    [Theory]
    [InlineData("busybox", true)]
    [InlineData("docker.io/library/busybox:latest", true)]
    [InlineData($"busybox@{Digest}", true)]
    [InlineData("aaaaaaaaaaaa", true)]
    [InlineData("abc", true)]
    [InlineData("localhost/bob/x:1", false)]
    [InlineData($"localhost/bob/x@{Digest}", false)]
    [InlineData($"localhost/bob/x:1@{Digest}", false)]
    public void CountsANameAsItself(string name, bool readable)
    {
        folder.Write("a.yaml", """
            version: 1
            roles:
              r: {rules: [{id: x, allow: ["Image*", ContainerCreate, ContainerList]}], grants: {images: ["docker.io/library/busybox:latest", "docker.io/library/abc", "localhost/${user}/*"], networks: [bridge]}}
            users: {alice: {roles: [r]}}
            """);
        var policy = folder.Load().Policy!;
        var image = SomeEngine.Of(ObjectKind.Image, "x", null) with { ImageNames = All };
        var engine = new SomeEngine().With(image, by: name);
        var escaped = Uri.EscapeDataString(name);
        var filter = Uri.EscapeDataString($$"""{"before":["{{name}}"]}""");

        foreach (var (method, target) in new[] { ("GET", $"/images/{name}/json"), ("GET", $"/images/{name}/history"), ("GET", $"/images/{name}/get"), ("GET", $"/images/get?names={escaped}"), ("POST", $"/images/{name}/tag?repo=localhost/alice/y"), ("GET", $"/images/json?filters={filter}") })
        {
            Assert.Equal(readable ? 0 : 404, engine.Decide(policy, "alice", method, target).Status);
        }

        // The words for what must not be deleted tell of what is there: only of what may be read.
        Assert.Equal(readable ? 403 : 404, engine.Decide(policy, "alice", "DELETE", $"/images/{name}").Status);
        Assert.Equal(readable ? 0 : 403, engine.Decide(policy, "alice", "POST", "/containers/create", $$"""{"Image":"{{name}}"}""").Status);
    }
}
