using Gateway.EngineApi;
using Xunit;

namespace Gateway.Tests.EngineApi;

/// <summary>Targets read once, in the one way that the engine reads them, or refused (threats §2.1; I3, I4, I5).</summary>
public class EnginePathTests
{
    /// <summary>Method, target, operation, name, and the path that is forwarded.</summary>
    public static TheoryData<string, string, string, string?, string> Read { get; } = new()
    {
        { "GET", "/info", "SystemInfo", null, "/info" },
        { "GET", "/v1.24/info", "SystemInfo", null, "/v1.24/info" },
        { "GET", "/v1.999/info", "SystemInfo", null, "/v1.999/info" },
        { "GET", "/v1.41/%69nfo", "SystemInfo", null, "/v1.41/info" },
        { "GET", "/containers/a.b_c-1/json", "ContainerInspect", "a.b_c-1", "/containers/a.b_c-1/json" },
        { "GET", "/containers/json/json", "ContainerInspect", "json", "/containers/json/json" },
        { "GET", "/images/get", "ImageGetAll", null, "/images/get" },
        { "GET", "/images/get/json", "ImageInspect", "get", "/images/get/json" },
        { "GET", "/images/a.example:5000/b/c:d/json", "ImageInspect", "a.example:5000/b/c:d", "/images/a.example:5000/b/c:d/json" },
        { "GET", "/images/a/get/json", "ImageInspect", "a/get", "/images/a/get/json" },
        { "POST", "/images/a/tag/push", "ImagePush", "a/tag", "/images/a/tag/push" },
        { "DELETE", "/images/a/b", "ImageDelete", "a/b", "/images/a/b" },
        { "GET", "/images/busybox@sha256:aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa/json", "ImageInspect", "busybox@sha256:aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", "/images/busybox@sha256:aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa/json" },
        { "DELETE", "/containers/a/checkpoints/b", "ContainerCheckpointDelete", "a", "/containers/a/checkpoints/b" },
    };

    /// <summary>Targets that no operation has; the engine's own answer is 404.</summary>
    public static TheoryData<string, string> Unknown { get; } = new()
    {
        { "GET", "/V1.41/info" },
        { "GET", "/Info" },
        { "GET", "/v1.41" },
        { "get", "/info" },
        { "POST", "/info" },
        { "TRACE", "/info" },
        { "GET", "/containers/a/b/json" },
        { "GET", "/frobnicate" },
        { "GET", "/v1.24/volumes/x/y" },
        { "GET", "/v1.39/x/_ping" },
    };

    public static TheoryData<string> Refused { get; } =
    [
        "", "info", "*", "x:1", "http://x/info", "//info", "/info/", "/", "/./info", "/a/../info", "/a//b", "/networks/",
        "/%2e%2e/info", "/%2e/info", "/containers%2fjson", "/containers%2Fjson", "/containers%5cjson", "/containers\\json",
        "/info;x", "/info%3bx", "/info#x", "/info%23", "/info?a#b", "/info%00", "/info%0a", "/info%20", "/info x", "/info%25", "/info%252f",
        "/info%ff", "/info%c0%af", "/info%ed%a0%80", "/info%", "/info%2", "/info%zz", "/info\u00e9", "/info%7f", "/in\"fo", "/in<fo", "/info|",
        "/containers/a%40b/json", "/containers/.a/json", "/containers/-a/json", "/containers/%C3%A9/json", "/images/A/json", "/images/a:b:c/json", "/images/a@b/json",
    ];

    [Theory]
    [MemberData(nameof(Read))]
    public void ReadsATargetAndWritesItAnew(string method, string target, string operation, string? name, string forwarded)
    {
        var path = EnginePath.Parse(target);
        var match = EngineRoutes.Match(method, path)!;

        Assert.Equal((operation, name), (match.Operation.Name, match.Name));
        Assert.Equal(forwarded, EngineRoutes.Write(match.Operation, path.Version, match.Name, match.Second));
    }

    [Theory]
    [MemberData(nameof(Unknown))]
    public void I1_KnowsNoOperationThere(string method, string target) => Assert.Null(EngineRoutes.Match(method, EnginePath.Parse(target)));

    [Theory]
    [MemberData(nameof(Refused))]
    public void I3_RefusesATargetThatCouldBeReadInTwoWays(string target) =>
        Assert.Equal(400, Assert.Throws<RequestRefusedException>(() => EngineRoutes.Match("GET", EnginePath.Parse(target))).Status);

    [Theory]
    [InlineData("info")]
    [InlineData("*")]
    [InlineData("x:1")]
    [InlineData("http://x/info")]
    [InlineData("unix:///info")]
    [InlineData("")]
    public void I4_RefusesATargetThatIsNoPath(string target) =>
        Assert.Equal(400, Assert.Throws<RequestRefusedException>(() => EnginePath.Parse(target)).Status);

    [Theory]
    [InlineData("/v1/info")]
    [InlineData("/v.1.41/info")]
    [InlineData("/v01.41/info")]
    [InlineData("/v1.041/info")]
    [InlineData("/v1.41./info")]
    [InlineData("/v1.41.1/info")]
    [InlineData("/v1.23/info")]
    [InlineData("/v1.0/info")]
    [InlineData("/v2.41/info")]
    [InlineData("/v1.1000/info")]
    public void I5_RefusesAnotherVersionPrefix(string target) =>
        Assert.Equal(400, Assert.Throws<RequestRefusedException>(() => EnginePath.Parse(target)).Status);

    /// <summary>An operation is found only from its first API version on.</summary>
    [Fact]
    public void KnowsNoOperationBeforeItsVersion()
    {
        Assert.Null(EngineRoutes.Match("GET", EnginePath.Parse("/v1.29/configs")));
        Assert.NotNull(EngineRoutes.Match("GET", EnginePath.Parse("/v1.30/configs")));
        Assert.NotNull(EngineRoutes.Match("GET", EnginePath.Parse("/configs")));
    }
}
