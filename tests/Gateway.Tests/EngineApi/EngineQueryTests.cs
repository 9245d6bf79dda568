using Gateway.EngineApi;
using Gateway.EngineApi.Query;
using Xunit;

namespace Gateway.Tests.EngineApi;

/// <summary>Queries read as the engine's handlers read them, and written anew (threats §2.3; I10).</summary>
public class EngineQueryTests
{
    /// <summary>Operation, query as it came, query as it goes.</summary>
    public static TheoryData<string, string, string> Accepted { get; } = new()
    {
        { "ContainerList", "", "" },
        { "ContainerList", "all=1&size=0", "?all=1&size=0" },
        { "ContainerList", "all=TRUE&size=%20No%20", "?all=1&size=0" },
        { "ContainerList", "all=off", "?all=1" },
        { "ContainerList", "all=fal%C5%BFe", "?all=1" },
        { "ContainerList", "all", "?all=0" },
        { "ContainerList", "all=&limit=", "?all=0" },
        { "ContainerList", "&&all=1&", "?all=1" },
        { "ContainerList", "limit=-1&trunc_cmd=0", "?limit=-1" },
        { "ContainerList", "%61ll=1", "?all=1" },
        { "ContainerList", "filters=", "" },
        { "ContainerList", "filters=null", "" },
        { "ContainerList", "filters=%7B%22label%22%3A%7B%22a%3Db%22%3Afalse%7D%7D", "?filters=%7B%22label%22%3A%5B%22a%3Db%22%5D%7D" },
        { "ContainerList", "filters=%7B%22status%22%3A%5B%22running%22%5D%7D", "?filters=%7B%22status%22%3A%5B%22running%22%5D%7D" },
        { "ContainerStop", "t=-1&signal=SIGRTMIN%2B3", "?t=-1&signal=SIGRTMIN%2B3" },
        { "ContainerStop", "t=", "" },
        { "ContainerStart", "detachKeys=ctrl-p", "" },
        { "ImageTag", "repo=x&force=0", "?repo=x" },
        { "ContainerStats", "stream=", "?stream=0" },
        { "ContainerLogs", "stdout=1&since=1700000000.000000001&until=0&tail=all", "?stdout=1&since=1700000000.000000001&until=0&tail=all" },
        { "ContainerArchive", "path=%2Fa+b%2Fc%26d", "?path=%2Fa%20b%2Fc%26d" },
        { "ImageBuild", "t=a&t=b&rm=&q=1", "?t=a&t=b&q=1" },
        { "ImageBuild", "buildargs=%7B%22A%22%3Anull%7D&ulimits=null&cachefrom=[]", "?buildargs=%7B%22A%22%3Anull%7D&cachefrom=%5B%5D" },
        { "ImageBuild", "platform=linux/arm64/v8&version=1&memory=0", "?platform=linux%2Farm64%2Fv8&version=1&memory=0" },
        { "ImageInspect", "platform=%7B%22OS%22%3A%22linux%22%2C%22architecture%22%3A%22amd64%22%7D", "?platform=%7B%22architecture%22%3A%22amd64%22%2C%22os%22%3A%22linux%22%7D" },
        { "ImageGetAll", "names=a&names=b", "?names=a&names=b" },
        { "ImageCreate", "fromImage=busybox&fromSrc=&repo=&message=", "?fromImage=busybox" },
        { "ImageList", "digests=1&only_ids=0&filter=", "" },
        { "NetworkInspect", "verbose=T&scope=", "?verbose=1" },
        { "SystemDataUsage", "type=image&type=container", "?type=image&type=container" },
        { "SwarmUpdate", "version=18446744073709551615&rotateWorkerToken=false", "?version=18446744073709551615&rotateWorkerToken=0" },
        { "NodeUpdate", "version=0", "?version=0" },
    };

    /// <summary>Operation, query, and the parameter that the refusal names.</summary>
    public static TheoryData<string, string, string?> Refused { get; } = new()
    {
        { "ContainerList", "all=1&all=1", "all" },
        { "ContainerList", "all=1&%61ll=0", "all" },
        { "ContainerList", "limit=&limit=5", "limit" },
        { "ContainerList", "ALL=1", "ALL" },
        { "ContainerList", "nope=1", "nope" },
        { "ContainerList", "=1", "" },
        { "ContainerList", "all=1;size=1", null },
        { "ContainerList", "all=%zz", null },
        { "ContainerList", "all=%f", null },
        { "ContainerList", "all=%ff", null },
        { "ContainerList", "limit=%2B1", "limit" },
        { "ContainerList", "limit=01", "limit" },
        { "ContainerList", "limit=1.0", "limit" },
        { "ContainerList", "limit=1e3", "limit" },
        { "ContainerList", "limit=-2", "limit" },
        { "ContainerList", "limit=9999999999", "limit" },
        { "ContainerList", "since=a/b", "since" },
        { "ContainerList", "filters=x", "filters" },
        { "ContainerList", "filters=[]", "filters" },
        { "ContainerList", "filters=%7B%22nope%22%3A%5B%22a%22%5D%7D", "filters" },
        { "ContainerList", "filters=%7B%22Label%22%3A%5B%22a%22%5D%7D", "filters" },
        { "ContainerList", "filters=%7B%22name%22%3A%5B%22a%22%5D%2C%22name%22%3A%5B%22b%22%5D%7D", "filters" },
        { "ContainerList", "filters=%7B%22name%22%3A%5B1%5D%7D", "filters" },
        { "ContainerList", "filters=%7B%22name%22%3A%5Bnull%5D%7D", "filters" },
        { "ContainerList", "filters=%7B%22name%22%3A%7B%22a%22%3A%22true%22%7D%7D", "filters" },
        { "ContainerList", "filters=%7B%22name%22%3A%22a%22%7D", "filters" },
        { "ContainerList", "filters=%7B%22name%22%3A%5B%22a%5Cn%22%5D%7D", "filters" },
        { "ContainerList", "filters=%7B%22label%22%3A%5B%22Gateway.owner%22%5D%7D", "filters" },
        { "ContainerList", "filters=%7B%22label%22%3A%5B%22gateway.o%22%5D%7Dx", "filters" },
        { "ContainerCreate", "platform=linux%00", "platform" },
        { "ContainerCreate", "name=..", "name" },
        { "ContainerCreate", "name=a&name=b", "name" },
        { "ContainerStop", "t=1&t=2", "t" },
        { "ContainerStop", "t=0x1", "t" },
        { "ContainerStop", "signal=9%0A", "signal" },
        { "ContainerWait", "condition=removed%20", "condition" },
        { "ContainerLogs", "since=yesterday", "since" },
        { "ContainerLogs", "since=1%2C5", "since" },
        { "ContainerLogs", "tail=many", "tail" },
        { "ContainerArchive", "path=%2Fa%00b", "path" },
        { "ContainerArchive", "path=%2Fa%0Ab", "path" },
        { "ImageBuild", "NetworkMode=host", "NetworkMode" },
        { "ImageBuild", "networkmode=a&networkmode=host", "networkmode" },
        { "ImageBuild", "version=3", "version" },
        { "ImageBuild", "labels=%7B%22a%22%3A1%7D", "[\"a\"]" },
        { "ImageBuild", "labels=%7B%22a%22%3A%22%22%2C%22a%22%3A%22%22%7D", "[\"a\"]" },
        { "ImageBuild", "ulimits=%5B%7B%22Nome%22%3A%22a%22%7D%5D", "[0].Nome" },
        { "ImageBuild", "platforms=x", "platforms" },
        { "ImageInspect", "platform=linux", null },
        { "NetworkInspect", "verbose=yes", "verbose" },
        { "SystemDataUsage", "type=everything", "type" },
        { "SwarmUpdate", "version=-1", "version" },
        { "SwarmUpdate", "version=18446744073709551616", "version" },
        { "ServiceUpdate", "version=1&rollback=Previous", "rollback" },
    };

    [Theory]
    [MemberData(nameof(Accepted))]
    public void WritesAnewWhatTheEngineWouldRead(string operation, string query, string forwarded) =>
        Assert.Equal(forwarded, EngineQuery.Parse(query, OperationCatalogue.Get(operation)).ToString());

    [Theory]
    [MemberData(nameof(Refused))]
    public void RefusesWhatHasTwoReadingsOrNone(string operation, string query, string? field)
    {
        var refusal = Assert.Throws<RequestRefusedException>(() => EngineQuery.Parse(query, OperationCatalogue.Get(operation)));

        Assert.Equal((400, field), (refusal.Status, refusal.Field));
    }

    /// <summary>Of every parameter of every operation that an engine takes the first value of.</summary>
    [Fact]
    public void I10_RefusesASecondValueOfASingleParameter()
    {
        var single = OperationCatalogue.All.SelectMany(operation => QueryCatalogue.Of(operation).Where(parameter => !parameter.Repeats).Select(parameter => (operation, parameter.Name))).ToList();
        Assert.NotEmpty(single);
        Assert.All(single, of =>
        {
            var value = QueryCatalogue.SaysNothing(of.operation, of.Name, "") ? "x" : of.Name == "version" ? "1" : "";
            var refusal = Assert.Throws<RequestRefusedException>(() => EngineQuery.Parse($"{of.Name}={value}&{of.Name}={value}", of.operation));
            Assert.Equal((400, of.Name, true), (refusal.Status, refusal.Field, refusal.Message.Contains("more than once", StringComparison.Ordinal)));
        });
    }

    [Fact]
    public void ReadsWhatItWroteTheSameWay()
    {
        foreach (var row in Accepted)
        {
            var (operation, _, forwarded) = row.Data;
            Assert.Equal(forwarded, EngineQuery.Parse(forwarded.TrimStart('?'), OperationCatalogue.Get(operation)).ToString());
        }
    }

    [Fact]
    public void BoundsHowOftenAListRepeats() =>
        Assert.Throws<RequestRefusedException>(() => EngineQuery.Parse(string.Join('&', Enumerable.Repeat("t=a", 500)), OperationCatalogue.Get("ImageBuild")));
}
