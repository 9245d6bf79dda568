using System.CommandLine;
using System.Text.Json;
using Gateway.Policy.Commands;
using Gateway.Tests.Policy.Files.Support;
using Xunit;

namespace Gateway.Tests.Policy.Commands;

/// <summary>can-i, who-can and explain over one small folder.</summary>
public sealed class AskCommandsTests : IDisposable
{
    private readonly PolicyDirectory _dir = new();
    private readonly StringWriter _output = new();
    private readonly StringWriter _error = new();

    public AskCommandsTests() => _dir.Write("a.yaml", """
        version: 1
        roles:
          developer:
            rules:
              - {id: look, allow: [SystemVersion, SystemPingHead]}
              - {id: own, allow: ["Container*", "Exec*"]}
              - {id: not, deny: [ContainerExport], reason: through the registry only}
            grants: {images: ["docker.io/library/*"], networks: [bridge]}
          admin: {root-equivalent: true, rules: [{id: all, allow: ["*"], on: all}]}
        users: {alice: {roles: [developer]}, boss: {roles: [admin]}}
        groups: {oncall: {roles: [developer], organization: ops}}
        """);

    public void Dispose()
    {
        _dir.Dispose();
        _output.Dispose();
        _error.Dispose();
    }

    [Theory]
    [InlineData("alice", "SystemVersion", 0)]
    [InlineData("alice", "ContainerCreate", 0)]
    [InlineData("alice", "ContainerStop", 4)]
    [InlineData("alice", "ContainerExport", 1)]
    [InlineData("alice", "ImagePrune", 1)]
    [InlineData("boss", "ContainerStop", 0)]
    [InlineData("nobody", "SystemVersion", 1)]
    public void ExitsWithTheAnswer(string user, string operation, int exit) => Assert.Equal(exit, Run("can-i", "--user", user, operation));

    [Fact]
    public void SaysTheRuleThatDecides()
    {
        Run("can-i", "--user", "alice", "SystemVersion");
        Assert.Equal("yes: alice may SystemVersion by rule \"look\" of role \"developer\"\n", _output.ToString());
    }

    [Fact]
    public void TakesWhatIsAssumed()
    {
        Assert.Equal(0, Run("can-i", "--user", "alice", "ContainerStop", "--path", "/containers/web/stop?t=5", "--assume", "mine"));
        Assert.Equal(1, Run("can-i", "--user", "alice", "ContainerStop", "--assume", "other"));
    }

    [Fact]
    public void NamesEveryRefusedFieldAndTheSmallestGrants()
    {
        var body = _dir.Write("body.json", """{"Image":"quay.io/a/b","HostConfig":{"CapAdd":["NET_ADMIN"],"Memory":4294967296,"Binds":["/srv/x:/x:ro"],"Sysctls":{"net.core.somaxconn":"1"}}}""");
        Assert.Equal(1, Run("can-i", "--user", "alice", "ContainerCreate", "--body", body, "--assume-paths", "safe"));
        var text = _output.ToString();
        Assert.All(["Image", "HostConfig.CapAdd", "HostConfig.Memory", "HostConfig.Mounts.Source", "HostConfig.Sysctls"], field => Assert.Contains($"- {field}: ", text, StringComparison.Ordinal));
        Assert.EndsWith("""
                grants:
                  images:
                    - "quay.io/a/b:latest"
                  capabilities:
                    - NET_ADMIN
                  sysctls:
                    - net.core.somaxconn
                  binds:
                    - {source: "/srv/x", access: ro}
                  memory: {default: 512m, max: 4g}

            """.ReplaceLineEndings("\n"), text.Replace("  # read-write", "", StringComparison.Ordinal), StringComparison.Ordinal);
    }

    [Fact]
    public void AnswersInJson()
    {
        Assert.Equal(1, Run("can-i", "--user", "alice", "--format", "json", "ContainerCreate", "--body", _dir.Write("body.json", """{"Image":"quay.io/a/b"}""")));
        using var answer = JsonDocument.Parse(_output.ToString());
        var request = answer.RootElement.GetProperty("requests")[0];
        Assert.Equal(("denied", "ContainerCreate", "own", "NotGranted", 403), (answer.RootElement.GetProperty("outcome").GetString(), request.GetProperty("operation").GetString(), request.GetProperty("rule").GetString(), request.GetProperty("reason").GetString(), request.GetProperty("status").GetInt32()));
        Assert.Equal("Image", request.GetProperty("refusals")[0].GetProperty("fields")[0].GetString());
        Assert.Equal("grants:\n  images:\n    - \"quay.io/a/b:latest\"", request.GetProperty("smallest_change").GetProperty("yaml").GetString());
    }

    [Fact]
    public void ListsInJsonWhoCan()
    {
        Assert.Equal(0, Run("who-can", "--format", "json", "ContainerCreate", "--field", "HostConfig.Privileged=true"));
        using var answer = JsonDocument.Parse(_output.ToString());
        Assert.Equal("boss admin all", string.Join(' ', ((string[])["user", "role", "rule"]).Select(name => Assert.Single(answer.RootElement.GetProperty("who").EnumerateArray()).GetProperty(name).GetString())));
    }

    [Fact]
    public void ExplainsInJson()
    {
        var request = _dir.Write("x.http", "GET /v1.41/containers/web/export\n\n");
        Assert.Equal(1, Run("explain", "--user", "alice", "--format", "json", "--request", request));
        using var answer = JsonDocument.Parse(_output.ToString());
        Assert.Equal(["own: refuses", "not: denies"], answer.RootElement.GetProperty("rules").EnumerateArray().Select(rule => $"{rule.GetProperty("rule").GetString()}: {rule.GetProperty("says").GetString()!.Split(':')[0]}"));
        Assert.Equal("DeniedByRule", answer.RootElement.GetProperty("answer").GetProperty("reason").GetString());
    }

    [Fact]
    public void SaysThatARuleIsMissingForObjectsThatAreNotKnown()
    {
        Assert.Equal(1, Run("can-i", "--user", "alice", "VolumeInspect", "--path", "/volumes/data"));
        Assert.Contains("- {id: volume-inspect, allow: [VolumeInspect]}\n  that is for own objects; others' too with on: all", _output.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void AsksForARuleWhereNoneNamesTheOperation()
    {
        Run("can-i", "--user", "alice", "VolumeCreate");
        Assert.Contains("- {id: volume-create, allow: [VolumeCreate]}", _output.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("ContainerStp", "did you mean \"ContainerStop\"?")]
    [InlineData("ContainerStop --path /version", "GET")]
    [InlineData("ContainerCreate --body /no/such/file", "/no/such/file")]
    [InlineData("ContainerStop ContainerStart", "one operation at a time")]
    [InlineData("-- docker -H tcp://prod:2376 ps", "only asks")]
    [InlineData("-- docker context ls", "docker context")]
    [InlineData("-- docker", "write the docker command")]
    public void ExitsTwoOnABrokenQuestion(string question, string said)
    {
        Assert.Equal(2, Run(["can-i", "--user", "alice", .. question.Split(' ')]));
        if (said != "GET") Assert.Contains(said, _error.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", _error.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void ListsWhoCanAndOnWhat()
    {
        Assert.Equal(0, Run("who-can", "ContainerStop"));
        Assert.Equal("""
            alice: rule "own" of role "developer", on own objects
            boss: rule "all" of role "admin", on anybody's objects
            anyone-of-ops: rule "own" of role "developer", on own objects
            3 of 3 may ContainerStop

            """.ReplaceLineEndings("\n"), _output.ToString());
    }

    [Theory]
    [InlineData("HostConfig.Privileged=true", "boss: ")]
    [InlineData("HostConfig.CapAdd=SYS_ADMIN", "boss: ")]
    [InlineData("HostConfig.Binds=/etc:/e", "boss: ")]
    [InlineData("HostConfig.Memory=1073741824", "alice: ")]
    [InlineData("name=web", "alice: ")]
    public void AsksWhoCanWithAField(string field, string first)
    {
        Assert.Equal(0, Run("who-can", "ContainerCreate", "--field", field));
        Assert.StartsWith(first, _output.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void ExitsOneWhereNobodyCan() =>
        Assert.Equal(1, Run("who-can", "ContainerCreate", "--field", "Labels={\"gateway.owner\":\"x\"}"));

    [Theory]
    [InlineData("HostConfig.NoSuchThing=1")]
    [InlineData("HostConfig.Privileged")]
    [InlineData("HostConfig.Privileged=maybe")]
    public void RefusesAFieldThatIsNone(string field) => Assert.Equal(2, Run("who-can", "ContainerCreate", "--field", field));

    [Fact]
    public void ExplainsEachStep()
    {
        var file = _dir.Write("r.http", "POST /v1.41/containers/create\nContent-Type: application/json\n\n{\"Image\":\"busybox\",\"HostConfig\":{\"Privileged\":true,\"PidMode\":\"host\"}}\n");
        Assert.Equal(1, Run("explain", "--user", "alice", "--request", file));
        var text = _output.ToString();
        Assert.All(["1. who      alice: role \"developer\"", "2. what     POST /v1.41/containers/create: ContainerCreate, API 1.41", "3. on what  image \"busybox\"", "4. with     no query, a body of", "rule \"own\" (allow, on own): refuses: ", "and: no grant for the host's pid namespace", "5. decision no: alice may not ContainerCreate"],
            part => Assert.Contains(part, text, StringComparison.OrdinalIgnoreCase));
    }

    [Fact]
    public void ExplainsAnAuditRecordByWhatItHolds()
    {
        var file = _dir.Write("r.json", """
            {"time":"2026-11-24T10:00:00Z","event":"decision","user":"alice","operation":"ContainerCreate","method":"POST","path":"/v1.41/containers/create","decision":"deny","reason":"NotGranted: no grant for capability","fields":["HostConfig.CapAdd"],"seq":7,
             "input":{"caller":{"name":"alice"},"query":"name=web","objects":[{"kind":"Image","ref":"busybox","id":"sha256:1","name":"","names":["docker.io/library/busybox:latest"]}],"body":{"Image":"busybox","HostConfig":{"CapAdd":["SYS_ADMIN"],"AutoRemove":true}},"left_out":["Env"]}}
            """.ReplaceLineEndings(""));

        // Neither the user nor the body has to be said again.
        Assert.Equal(1, Run("explain", "--request", file));

        var text = _output.ToString();
        Assert.All(
            [
                "record   recorded 2026-11-24 10:00:00Z, seq 7: denied: NotGranted", "the record leaves out: Env", "1. who      alice", "query ?name=web", "image \"busybox\": without owner",
                "check container-name: ?name web", "check capabilities (grant capabilities): REFUSED HostConfig.CapAdd [\"SYS_ADMIN\"]", "check images (grant images): Image \"busybox\"", "not judged, harmless: HostConfig.AutoRemove", "5. decision no: alice may not ContainerCreate",
            ],
            part => Assert.Contains(part, text, StringComparison.Ordinal));
        Assert.DoesNotContain("REFUSED Image", text, StringComparison.Ordinal);
    }

    [Fact]
    public void ExplainsARecordOfAStop()
    {
        var file = _dir.Write("r.json", """{"event":"decision","user":"alice","operation":"ContainerStop","method":"POST","path":"/v1.41/containers/web/stop","decision":"deny","input":{"objects":[{"kind":"Container","ref":"web","id":"abc","name":"web","owner":"bob"}]}}""");
        Assert.Equal(1, Run("explain", "--user", "alice", "--request", file));
        Assert.Contains("container \"web\": of bob", _output.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("", "r.http:1:1: the file is empty")]
    [InlineData("nonsense", "r.http:1:1: expected METHOD and target")]
    [InlineData("GET /version\nnot a head\n\n", "r.http:2:1: expected a head")]
    [InlineData("{\"method\":", "r.http:1:11: not one JSON object")]
    [InlineData("{\"a\":1}", "not the record of a decision on an operation")]
    public void SaysWhereARequestFileIsBroken(string text, string said)
    {
        Assert.Equal(2, Run("explain", "--user", "alice", "--request", _dir.Write("r.http", text)));
        Assert.Contains(said, _error.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("can-i --user a SystemVersion")]
    [InlineData("who-can SystemVersion")]
    [InlineData("explain --user a --request x")]
    public void ExitsSeventyEightOnABrokenPolicy(string line)
    {
        _dir.Write("b.yaml", "version: 1\nrolls: {}");
        Assert.Equal(78, Run(line.Split(' ')));
        Assert.Contains("b.yaml:2:1: unknown key \"rolls\"; did you mean \"roles\"?\n    2 | rolls: {}\n      | ^\n", _error.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("can-i")]
    [InlineData("who-can")]
    [InlineData("explain")]
    [InlineData("test")]
    [InlineData("check")]
    public void ShowsAnExampleInItsHelp(string command)
    {
        Assert.Equal(0, new RootCommand { PolicyCommands.Create() }.Parse(["policy", command, "--help"]).Invoke(new() { Output = _output, Error = _error }));
        Assert.Contains($"gateway policy {command} ", _output.ToString(), StringComparison.Ordinal);
    }

    private int Run(params string[] args)
    {
        var words = args.ToList();
        words.InsertRange(1, ["--policies", _dir.Root]);
        return PolicyCommands.Create().Parse(words).Invoke(new() { Output = _output, Error = _error });
    }
}
