using Gateway.EngineApi;
using Xunit;

namespace Gateway.Tests.EngineApi;

/// <summary>Image names by github.com/distribution/reference, normalised as Docker does.</summary>
public class ImageReferenceTests
{
    private const string Digest = "sha256:aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa";

    [Theory]
    [InlineData("busybox", "docker.io/library/busybox:latest")]
    [InlineData("library/busybox", "docker.io/library/busybox:latest")]
    [InlineData("docker.io/busybox", "docker.io/library/busybox:latest")]
    [InlineData("index.docker.io/library/busybox:1", "docker.io/library/busybox:1")]
    [InlineData("alice/app", "docker.io/alice/app:latest")]
    [InlineData("localhost/app", "localhost/app:latest")]
    [InlineData("localhost:5000/app:v1", "localhost:5000/app:v1")]
    [InlineData("registry.example.com/a/b__c.d-e", "registry.example.com/a/b__c.d-e:latest")]
    [InlineData("Registry/app", "Registry/app:latest")]
    [InlineData("busybox:v1@" + Digest, "docker.io/library/busybox@" + Digest)]
    public void ReadsANameAsDockerDoes(string text, string canonical) => Assert.Equal(canonical, ImageReference.Parse(text, "x").Canonical);

    [Theory]
    [InlineData("")]
    [InlineData("Busybox")]
    [InlineData("a/../b")]
    [InlineData("a//b")]
    [InlineData("/a")]
    [InlineData("a/")]
    [InlineData("a:")]
    [InlineData("a@")]
    [InlineData("a:b:c")]
    [InlineData("a b")]
    [InlineData("a\n")]
    [InlineData("http://a/b")]
    [InlineData("a_b.example/c")]
    [InlineData("a..example/c")]
    [InlineData("-a.example/c")]
    [InlineData("a-.example/c")]
    [InlineData("a.example:x/c")]
    [InlineData("a.example:/c")]
    [InlineData("bücher.example/c")]
    [InlineData("a@sha256:abc")]
    [InlineData("a@sha256:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")]
    [InlineData("a:-b")]
    public void RefusesWhatIsNoName(string text) => Assert.False(ImageReference.TryParse(text, out _));
}
