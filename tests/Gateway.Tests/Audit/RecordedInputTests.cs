using System.Text;
using System.Text.Json;
using Gateway.Audit;
using Gateway.EngineApi;
using Gateway.Identity;
using Gateway.Objects;
using Gateway.Policy;
using Gateway.Requests;
using Gateway.Wire;
using Xunit;

namespace Gateway.Tests.Audit;

/// <summary>A record holds what a replay needs, and neither bodies nor secrets (I63).</summary>
public sealed class RecordedInputTests
{
    private const string Secret = "s3cr3t-value";

    [Fact]
    public void KeepsTheFieldsThatChecksRead()
    {
        var input = Input("POST", "/v1.41/containers/create?name=web", """
            {"Image":"busybox","User":"0","hostconfig":{"Privileged":true,"Binds":["/etc:/h:ro"],"CapAdd":["SYS_ADMIN"],"LogConfig":{"Type":"syslog","Config":{"max-size":"1m"}}}}
            """);

        var body = input.GetProperty("body");
        Assert.Equal("busybox", body.GetProperty("Image").GetString());
        Assert.True(body.GetProperty("HostConfig").GetProperty("Privileged").GetBoolean());
        Assert.Equal("/etc:/h:ro", body.GetProperty("HostConfig").GetProperty("Binds")[0].GetString());
        Assert.Equal("1m", body.GetProperty("HostConfig").GetProperty("LogConfig").GetProperty("Config").GetProperty("max-size").GetString());
        Assert.Equal("name=web", input.GetProperty("query").GetString());
        Assert.Equal(41, input.GetProperty("version").GetInt32());
    }

    [Theory]
    [InlineData("""{"Image":"a","Env":["PASSWORD=s3cr3t-value"]}""")]
    [InlineData("""{"Image":"a","ENV":["PASSWORD=s3cr3t-value"]}""")]
    [InlineData("""{"Image":"a","Cmd":["login","s3cr3t-value"]}""")]
    [InlineData("""{"Image":"a","Entrypoint":"s3cr3t-value"}""")]
    [InlineData("""{"Image":"a","Labels":{"token":"s3cr3t-value"}}""")]
    [InlineData("""{"Image":"a","Healthcheck":{"Test":["CMD","s3cr3t-value"]}}""")]
    [InlineData("""{"Image":"a","OnBuild":["ENV A=s3cr3t-value"]}""")]
    [InlineData("""{"Image":"a","HostConfig":{"LogConfig":{"Type":"splunk","Config":{"splunk-token":"s3cr3t-value"}}}}""")]
    [InlineData("""{"Image":"a","HostConfig":{"Annotations":{"a":"s3cr3t-value"}}}""")]
    [InlineData("""{"Image":"a","HostConfig":{"Mounts":[{"Type":"volume","VolumeOptions":{"Labels":{"a":"s3cr3t-value"},"DriverConfig":{"Options":{"o":"s3cr3t-value"}}}}]}}""")]
    [InlineData("""{"Image":"a","NotKnown":{"deep":["s3cr3t-value"]}}""")]
    public void LeavesSecretsOut(string body)
    {
        Assert.DoesNotContain(Secret, Input("POST", "/containers/create", body).GetRawText(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("POST", "/containers/x/exec", """{"Cmd":["s3cr3t-value"],"Env":["A=s3cr3t-value"]}""")]
    [InlineData("POST", "/auth", """{"username":"u","password":"s3cr3t-value","serveraddress":"r.example.com"}""")]
    [InlineData("POST", "/secrets/create", """{"Name":"a","Data":"s3cr3t-value"}""")]
    [InlineData("POST", "/volumes/create", """{"Name":"ab","DriverOpts":{"password":"s3cr3t-value"}}""")]
    [InlineData("POST", "/networks/create", """{"Name":"ab","Options":{"psk":"s3cr3t-value"}}""")]
    [InlineData("POST", "/build?buildargs=%7B%22A%22%3A%22s3cr3t-value%22%7D", "")]
    [InlineData("POST", "/build?remote=https://u:s3cr3t-value@git.example.com/x", "")]
    [InlineData("POST", "/commit?container=x&changes=ENV%20A=s3cr3t-value", "{}")]
    public void LeavesSecretsOutOfOtherOperations(string method, string target, string body)
    {
        var input = Input(method, target, body).GetRawText();

        Assert.DoesNotContain(Secret, input, StringComparison.Ordinal);
        Assert.Contains("left_out", input, StringComparison.Ordinal);
    }

    [Fact]
    public void KeepsLabelValuesAsDigestsOnly()
    {
        using var raw = JsonDocument.Parse($$$"""{"Id":"{{{new string('a', 64)}}}","Name":"/web","Config":{"Labels":{"team":"{{{Secret}}}","gateway.owner":"alice"},"Env":["A={{{Secret}}}"]}}""");
        var found = EngineObject.Of(ObjectKind.Container, raw.RootElement);

        var input = Input("POST", "/containers/web/stop", "", new Dictionary<ObjectReference, EngineObject?> { [new(ObjectKind.Container, "web")] = found });

        var labels = input.GetProperty("objects")[0].GetProperty("labels");
        Assert.Equal(RecordedInput.Digest("team", Secret), labels.GetProperty("team").GetString());
        Assert.DoesNotContain(Secret, input.GetRawText(), StringComparison.Ordinal);
    }

    [Fact]
    public void WritesNothingButItsOwnBoundWhereABodyIsVast()
    {
        var binds = string.Join(',', Enumerable.Range(0, 2000).Select(i => $"\"/srv/{i}/{new string('x', 100)}:/t\""));

        var input = Input("POST", "/containers/create", $$$"""{"Image":"a","HostConfig":{"Binds":[{{{binds}}}]}}""");

        Assert.Equal("""{"cut":true}""", input.GetRawText());
    }

    [Fact]
    public void SurvivesTextThatIsNotUnicode()
    {
        var input = Input("POST", "/containers/x/update", """{"CgroupParent":"\ud800"}""");

        Assert.Equal("body", input.GetProperty("left_out")[0].GetString());
        Assert.False(input.TryGetProperty("body", out _));
    }

    [Fact]
    public void KeepsANameThatStandsTwiceOnce()
    {
        var input = Input("POST", "/v1.41/exec/1/start", """{"Detach":true,"detach":false}""");

        Assert.Equal("""{"Detach":true}""", input.GetProperty("body").GetRawText());
    }

    private static JsonElement Input(string method, string target, string body, IReadOnlyDictionary<ObjectReference, EngineObject?>? objects = null)
    {
        var bytes = Encoding.UTF8.GetBytes(body);
        var request = RequestReader.Read(new RequestHead(method, target, bytes.Length == 0 ? [] : [new RequestHeader("Content-Type", "application/json")], bytes.Length, false));
        var identity = new ClientIdentity("alice", [], null, "127.0.0.1:1", null);
        var written = RecordedInput.Write(identity, request, new DecisionInputs(bytes, new RequestFacts { Objects = objects ?? new Dictionary<ObjectReference, EngineObject?>(), HostPaths = HostPathFacts.None }), AuditChain.Options);
        using var document = JsonDocument.Parse(written);
        return document.RootElement.Clone();
    }
}
