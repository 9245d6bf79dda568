using System.Text;
using Gateway.EngineApi;
using Gateway.EngineApi.Documents;
using Gateway.Requests;
using Gateway.Wire;
using Xunit;

namespace Gateway.Tests.EngineApi;

/// <summary>From a head to the facts that a decision is made on.</summary>
public class RequestReaderTests
{
    private const string Owned = """{"Image":"a","Labels":{"x":"y"}}""";

    [Fact]
    public void LeavesWhatCannotBeReadAsAFact()
    {
        Assert.Equal(404, Read("GET /frobnicate").Refusal?.Status);
        Assert.Equal(400, Read("GET /info?x=1").Refusal?.Status);
        Assert.Equal(400, Read("POST /containers/create", "Content-Type: text/plain", "Content-Length: 2").Refusal?.Status);
        Assert.Equal(400, Read("POST /images/a/push", "X-Registry-Auth: nope").Refusal?.Status);
        Assert.Equal(505, RequestReader.Read(Head("GET /info HTTP/1.0\r\nHost: x\r\n\r\n")).Refusal?.Status);
    }

    [Fact]
    public void HandsTheRegistryOfCredentialsOn() =>
        Assert.Equal(["r.example"], Read("POST /images/a/push", "X-Registry-Auth: " + Convert.ToBase64String("""{"serveraddress":"r.example"}"""u8)).RegistryAuth!.Registries);

    /// <summary>I8.</summary>
    [Fact]
    public void KeepsAnUpgradeAsAFactThatDecidesNothing()
    {
        var request = Read("GET /info", "Upgrade: tcp", "Connection: Upgrade");

        Assert.Equal(("SystemInfo", true), (request.Operation!.Name, request.WantsUpgrade));
    }

    /// <summary>I14.</summary>
    [Theory]
    [InlineData("""{"Image":"a"}""")]
    [InlineData("""{"Image":"a","HostConfig":null}""")]
    [InlineData("""{"Image":"a","hostconfig":{}}""")]
    public void AlwaysForwardsAHostConfig(string body) =>
        Assert.Contains("\"HostConfig\":{}", Encoding.UTF8.GetString(EngineBody.Write(EngineBody.Read<ContainerCreateBody>(Encoding.UTF8.GetBytes(body)))), StringComparison.Ordinal);

    /// <summary>I14: of a host's fields none is taken at top level, in any spelling.</summary>
    [Fact]
    public void TakesNoHostFieldAtTopLevel()
    {
        var config = DocumentShape.Of(typeof(ContainerConfig)).Fields;
        foreach (var field in DocumentShape.Of(typeof(HostConfig)).Fields.Values.Where(field => !config.ContainsKey(field.Name)))
        {
            foreach (var name in new[] { field.Name, field.Name.ToLowerInvariant(), field.Name.Replace('s', 'ſ') })
            {
                Assert.Equal(400, Assert.Throws<RequestRefusedException>(() => EngineBody.Read<ContainerCreateBody>(Encoding.UTF8.GetBytes($$"""{"{{name}}":null}"""))).Status);
            }
        }
    }

    /// <summary>I16: neither query nor body is read differently under another version.</summary>
    [Fact]
    public void ReadsTheSameUnderEveryVersion()
    {
        foreach (var version in Enumerable.Range(24, 40).Select(minor => $"/v1.{minor}").Append(""))
        {
            var request = Read($"POST {version}/containers/create?name=a&platform=linux/arm64", "Content-Type: application/json", $"Content-Length: {Owned.Length}");

            Assert.Null(request.Refusal);
            Assert.Equal("?name=a&platform=linux%2Farm64", request.Query.ToString());
        }
    }

    private static EngineRequest Read(string line, params string[] heads) => RequestReader.Read(Head($"{line} HTTP/1.1\r\nHost: x\r\n{string.Concat(heads.Select(head => head + "\r\n"))}\r\n"));

    private static RequestHead Head(string text) => RequestHeadParser.Parse(Encoding.Latin1.GetBytes(text));
}
