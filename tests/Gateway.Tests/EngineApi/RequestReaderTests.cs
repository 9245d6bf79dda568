using System.Text;
using Gateway.EngineApi;
using Gateway.EngineApi.Documents;
using Gateway.Requests;
using Gateway.Wire;
using Microsoft.AspNetCore.Http;
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
    }

    [Fact]
    public void I4_ReadsNoOperationInHttp10() =>
        Assert.Equal((505, null), RequestReader.Read(Head("GET /info HTTP/1.0\r\nHost: x\r\n\r\n")) is var request ? (request.Refusal?.Status, request.Operation?.Name) : default);

    [Fact]
    public async Task I15_RefusesABodyOverItsBound()
    {
        var context = new DefaultHttpContext();
        context.Request.Body = new MemoryStream(new byte[EngineBody.MaxBytes + 1]);

        var refusal = await Assert.ThrowsAsync<RequestRefusedException>(() => RequestReader.ReadBodyAsync(context, Read("POST /containers/create", "Content-Type: application/json", "Content-Length: 9"), _ => ValueTask.FromResult<IDisposable>(new MemoryStream())));

        Assert.Equal(413, refusal.Status);
    }

    [Fact]
    public void HandsTheRegistryOfCredentialsOn() =>
        Assert.Equal(["r.example"], Read("POST /images/a/push", "X-Registry-Auth: " + Convert.ToBase64String("""{"serveraddress":"r.example"}"""u8)).RegistryAuth!.Registries);

    /// <summary>Threats §5: a page of another site changes nothing and opens no stream through its reader's certificate.</summary>
    [Theory]
    [InlineData("POST /containers/a/stop", "https://evil.example", 400)]
    [InlineData("DELETE /containers/a", "null", 400)]
    [InlineData("PUT /containers/a/archive?path=/", "https://x.example", 400)]
    [InlineData("GET /containers/a/attach/ws", "https://x:1", 400)]
    [InlineData("GET /containers/a/attach/ws", "https://X", null)]
    [InlineData("POST /containers/a/stop", "http://x", null)]
    [InlineData("GET /containers/json", "https://evil.example", null)]
    public void TakesNoOtherSitesRequest(string line, string origin, int? refusal) => Assert.Equal(refusal, Read(line, $"Origin: {origin}").Refusal?.Status);

    /// <summary>dockerode says a create in its query, too.</summary>
    [Fact]
    public void DropsFieldsOfTheBodyFromTheQuery()
    {
        var request = Read("POST /containers/create?Image=busybox&HostConfig=%7B%22Privileged%22%3Atrue%7D&name=a&Cmd=", "Content-Type: application/json", $"Content-Length: {Owned.Length}");

        Assert.Equal((null, "?name=a"), (request.Refusal, request.Query.ToString()));
        Assert.Equal("?container=a", Read("POST /commit?container=a&Hostname=b").Query.ToString());
        Assert.Equal(400, Read("POST /containers/create?Name=a").Refusal?.Status);
        Assert.Equal(400, Read("POST /containers/create?image=a").Refusal?.Status);
        Assert.Equal(400, Read("POST /containers/a/update?Memory=1").Refusal?.Status);
    }

    /// <summary>A long body waits for a place, and gives it back with its request's end.</summary>
    [Theory]
    [InlineData(10, 0)]
    [InlineData(200_000, 1)]
    public async Task I64_KeepsFewLongBodiesAtOnce(int length, int places)
    {
        var body = $"{{\"Image\":\"a\",\"Cmd\":[\"{new string('x', length)}\"]}}";
        var context = new DefaultHttpContext { Request = { Body = new MemoryStream(Encoding.ASCII.GetBytes(body)) } };
        var entered = 0;

        var read = await RequestReader.ReadBodyAsync(context, Read("POST /containers/create", "Content-Type: application/json", $"Content-Length: {body.Length}"), _ =>
        {
            entered++;
            return ValueTask.FromResult<IDisposable>(new MemoryStream());
        });

        Assert.Equal((body.Length, places), (read.Length, entered));
    }

    [Fact]
    public void I8_KeepsAnUpgradeAsAFactThatDecidesNothing()
    {
        var request = Read("GET /info", "Upgrade: tcp", "Connection: Upgrade");

        Assert.Equal(("SystemInfo", true), (request.Operation!.Name, request.WantsUpgrade));
    }

    [Theory]
    [InlineData("""{"Image":"a"}""")]
    [InlineData("""{"Image":"a","HostConfig":null}""")]
    [InlineData("""{"Image":"a","hostconfig":{}}""")]
    public void I14_AlwaysForwardsAHostConfig(string body) =>
        Assert.Contains("\"HostConfig\":{}", Encoding.UTF8.GetString(EngineBody.Write(EngineBody.Read<ContainerCreateBody>(Encoding.UTF8.GetBytes(body)))), StringComparison.Ordinal);

    /// <summary>I14: of a host's fields none is taken at top level, in any spelling.</summary>
    [Fact]
    public void I14_TakesNoHostFieldAtTopLevel()
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
    public void I16_ReadsTheSameUnderEveryVersion()
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
