using System.Text;
using System.Text.Json.Nodes;
using Gateway.EngineApi;
using Gateway.Offline;
using Gateway.Policy;
using Gateway.Tests.Policy.Files.Support;
using Gateway.Wire;
using Xunit;

namespace Gateway.Tests.Policy.Checks.Support;

/// <summary>Decides a case as serve would, for alice under a role with every operation on her own objects.</summary>
internal static class CheckRun
{
    private static readonly string[] Ordinary =
        ["images: [\"docker.io/library/*\", \"localhost/${user}/*\"]", "networks: [bridge, none, own]", "publish: {addresses: [127.0.0.1], ports: 20000-29999}"];

    private static readonly Dictionary<string, Role> Roles = [];

    public static (Decision Decision, string Body, string Query) Of(CheckCase tried, bool unlimited = false, int version = 51)
    {
        var verdict = Decide(tried, unlimited, version).World.Verdict;
        return (verdict.Decision, verdict.Body is { } forwarded ? Encoding.UTF8.GetString(forwarded) : "", Uri.UnescapeDataString(verdict.Context?.Query.ToString() ?? ""));
    }

    /// <summary>The decision with all that it was made on.</summary>
    public static (Role Role, OfflineRequest Asked, EngineRequest Request, OfflineWorld World) Decide(CheckCase tried, bool unlimited = false, int version = 51)
    {
        var operation = OperationCatalogue.Get(tried.Operation);
        var query = tried.Path is null ? "?" + tried.Value : tried.Operation == "ImageCommit" ? "?container=mine" : "";
        var target = EngineRoutes.Write(operation, Math.Max(version, operation.MinApi), tried.Name) + query;
        var body = tried.Path is null ? Minimal(tried.Operation)?.ToJsonString() : Changed(tried);
        var role = RoleOf(unlimited ? null : tried.Grants);
        var asked = OfflineRequest.Of(operation.Method, target, body, tried.Credentials is { } json ? [new RequestHeader(tried.Operation == "ImageBuild" ? "X-Registry-Config" : "X-Registry-Auth", Encoded(json))] : []);
        var answer = OfflineDecision.Decide(
            new OfflineCaller(new Caller(CheckWorld.Alice, [role], [])), asked, new OfflineFacts { Objects = AssumedOwner.Absent, HostPathsAreSafe = true, Known = CheckWorld.Objects });
        return (role, asked, answer.Request, answer.Worlds.Count == 1 ? answer.Worlds[0] : throw new InvalidOperationException("the case's objects are not all known"));
    }

    private static JsonObject? Minimal(string operation) => operation switch
    {
        "ContainerCreate" => new JsonObject { ["Image"] = "busybox" },
        "ContainerUpdate" or "ExecStart" or "ImageCommit" or "SystemAuth" => [],
        "ContainerExec" => new JsonObject { ["Cmd"] = new JsonArray("true") },
        "VolumeCreate" => new JsonObject { ["Name"] = "new-vol" },
        "NetworkCreate" => new JsonObject { ["Name"] = "new-net" },
        "NetworkConnect" or "NetworkDisconnect" => new JsonObject { ["Container"] = "mine" },
        _ => null,
    };

    private static string Encoded(string json) => Convert.ToBase64String(Encoding.UTF8.GetBytes(json)).Replace('+', '-').Replace('/', '_');

    private static string Changed(CheckCase tried)
    {
        if (tried.Path is "")
        {
            return tried.Value;
        }

        var body = Minimal(tried.Operation)!;
        var at = body;
        var names = tried.Path!.Split('.');
        foreach (var name in names[..^1])
        {
            at = (JsonObject)(at[name] ??= new JsonObject());
        }

        at[names[^1]] = JsonNode.Parse(tried.Value);
        return body.ToJsonString();
    }

    /// <summary>Null is a root-equivalent role without grants.</summary>
    private static Role RoleOf(string? grants)
    {
        lock (Roles)
        {
            if (Roles.TryGetValue(grants ?? "-", out var known))
            {
                return known;
            }

            using var folder = new PolicyDirectory();
            var lines = (grants ?? "").Split('\n', StringSplitOptions.RemoveEmptyEntries);
            var all = Ordinary.Where(line => !lines.Any(l => l.Split(':')[0] == line.Split(':')[0])).Concat(lines);
            folder.Write("p.yaml", $"""
                version: 1
                roles:
                  r:
                    rules: [{"{"}id: x, allow: ["*"]{(grants is null ? ", on: all" : "")}{"}"}]
                    {(grants is null ? "root-equivalent: true" : "grants:\n      " + string.Join("\n      ", all))}
                  proxy: {"{"}rules: [], grants: {"{"}labels: ["backup.*"]{"}"}{"}"}
                """);
            var result = folder.Load();
            Assert.Empty(result.Errors);
            return Roles[grants ?? "-"] = result.Policy!.Roles["r"];
        }
    }
}
