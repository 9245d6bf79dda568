using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Gateway.Audit;
using Gateway.EngineApi;
using Gateway.EngineApi.Documents;
using Gateway.Policy.Checks;
using Gateway.Tests.Policy.Files.Support;
using Gateway.Tests.Replay.Support;
using Gateway.Wire;
using Xunit;

namespace Gateway.Tests.Audit;

/// <summary>Secrets are sent in every place of every operation, by a developer and an administrator, and looked for in the log (I63).</summary>
public sealed class SecretsTests : IDisposable
{
    private const string Secret = "s3cr3t-value";
    private static readonly string Encoded = Convert.ToBase64String(Encoding.UTF8.GetBytes(Secret));
    private readonly PolicyDirectory folder = new();

    public void Dispose() => folder.Dispose();

    public static TheoryData<string> Bodies => [.. BodyCatalogue.All.Keys];

    /// <summary>Every field of every document holds a text of its own: in the record are exactly those that are said to be.</summary>
    [Theory]
    [MemberData(nameof(Bodies))]
    public void KeepsExactlyTheFieldsThatAreRecorded(string operation)
    {
        var checks = CheckCatalogue.For(OperationCatalogue.Get(operation))!;
        var filled = new Dictionary<string, string>(StringComparer.Ordinal);
        var body = Fill(DocumentShape.Of(checks.Document!), "", filled)!.ToJsonString();

        var kept = Record(checks.Operation, body);

        Assert.All(filled, field => Assert.True(kept.Contains(field.Value, StringComparison.Ordinal) == checks.Records(field.Key), $"{field.Key} in {kept}"));
    }

    [Fact]
    public async Task I63_NeverWritesASecret()
    {
        var log = Path.Combine(folder.Root, "audit.log");
        folder.Write("p.yaml", """
            version: 1
            roles:
              dev: {rules: [{id: all, allow: ["*"]}], grants: {images: ["docker.io/library/*", "localhost/${user}/*"], networks: [bridge, own], log-drivers: [splunk], labels: ["traefik.*"]}}
              narrow: {rules: [{id: all, allow: ["*"]}], grants: {}}
              root: {root-equivalent: true, rules: [{id: all, allow: ["*"], on: all}]}
            users: {dev: {roles: [dev]}, narrow: {roles: [narrow]}, root: {roles: [root]}}
            """);
        using (var records = new RecordedLog(log, folder.Load().Policy!))
        {
            foreach (var user in (string[])["dev", "narrow", "root"])
            {
                foreach (var (target, body, heads) in Requests())
                {
                    await records.AddAsync(user, "POST", target, body, would: "allow", inspect: Inspect, heads: heads);
                }
            }
        }

        var lines = await File.ReadAllLinesAsync(log, TestContext.Current.CancellationToken);
        Assert.All(lines, line => Assert.False(line.Contains(Secret, StringComparison.OrdinalIgnoreCase) || line.Contains(Encoded, StringComparison.Ordinal), line));
        Assert.Contains(lines, line => line.Contains("\"decision\":\"allow\"", StringComparison.Ordinal));
        Assert.Contains(lines, line => line.Contains("\"decision\":\"deny\"", StringComparison.Ordinal));
    }

    /// <summary>What an engine says of objects holds secrets of their owners, too.</summary>
    private static readonly string Inspect = Filled("""
        {"Config":{"Image":"busybox","Env":["A=@"],"Cmd":["@"],"Labels":{"a":"@"}},"Args":["@"],"HostConfig":{"NetworkMode":"bridge","LogConfig":{"Config":{"token":"@"}}},
         "ProcessConfig":{"user":"1","arguments":["@"]},"Mounts":[{"Type":"volume","Name":"v","Options":"@"}],"NetworkSettings":{"Networks":{"bridge":{"DriverOpts":{"a":"@"}}}},"Spec":{"Data":"@"}}
        """);

    private const string Service = """
        {"Name":"s","Labels":{"a":"@"},"TaskTemplate":{"ContainerSpec":{"Image":"busybox","Env":["A=@"],"Command":["@"],"Args":["@"],"Labels":{"a":"@"},
         "Healthcheck":{"Test":["CMD","@"]},"Mounts":[{"Type":"volume","VolumeOptions":{"DriverConfig":{"Options":{"o":"@"}}}}]},"LogDriver":{"Name":"splunk","Options":{"token":"@"}},
         "Networks":[{"Target":"n","DriverOpts":{"a":"@"}}]}}
        """;

    /// <summary>Members of what a container is made of; <c>@</c> is the secret, <c>@64</c> its base64.</summary>
    private static readonly string[] OfConfig =
    [
        """ "Env":["TOKEN=@"] """, """ "ENV":["TOKEN=@"] """, """ "Cmd":["login","-p","@"] """, """ "Cmd":"@" """, """ "Entrypoint":["@"] """, """ "Shell":["@"] """, """ "WorkingDir":"/@" """,
        """ "Healthcheck":{"Test":["CMD","@"]} """, """ "Labels":{"a":"@"} """, """ "Labels":{"traefik.http.middlewares.x.basicauth.users":"@"} """, """ "Labels":{"gateway.owner":"@"} """,
        """ "OnBuild":["ENV A=@"] """, """ "NotKnown":"@" """, """ "NotKnown":{"deep":["@"]} """,
    ];

    private static readonly string[] OfHostConfig =
    [
        """ "LogConfig":{"Type":"splunk","Config":{"splunk-token":"@"}} """, """ "LogConfig":{"Type":"json-file","Config":{"token":"@"}} """, """ "Annotations":{"a":"@"} """,
        """ "StorageOpt":{"a":"@"} """, """ "DeviceRequests":[{"Count":1,"Capabilities":[["gpu"]],"Options":{"a":"@"}}] """,
        """ "Mounts":[{"Type":"volume","Target":"/t","VolumeOptions":{"Labels":{"a":"@"},"DriverConfig":{"Name":"local","Options":{"o":"password=@"}}}}] """,
    ];

    private static readonly (string Target, string Body)[] Others =
    [
        ("/containers/create", """{"Image":"busybox","NetworkingConfig":{"EndpointsConfig":{"bridge":{"DriverOpts":{"a":"@"}}}}}"""),
        ("/networks/x/connect", """{"Container":"x","EndpointConfig":{"DriverOpts":{"a":"@"}}}"""),
        ("/networks/create", """{"Name":"ab","Options":{"psk":"@"},"IPAM":{"Options":{"a":"@"}},"Labels":{"a":"@"}}"""),
        ("/volumes/create", """{"Name":"ab","DriverOpts":{"o":"password=@"},"Labels":{"a":"@"}}"""),
        ("/auth", """{"username":"u","password":"@","auth":"@","identitytoken":"@","registrytoken":"@","serveraddress":"registry.example.com"}"""),
        ("/commit?container=x&changes=ENV%20A=@", "{}"),
        ("/commit?container=x&changes=ENV%09A=@", "{}"),
        ("/commit?container=x&changes=%22@%22", "{}"),
        ("/commit?container=x&comment=@&author=@", "{}"),
        ("/build?t=localhost/dev/x&buildargs={\"TOKEN\":\"@\"}", ""),
        ("/build?labels={\"a\":\"@\",\"traefik.x\":\"@\"}", ""),
        ("/build?remote=https://u:@:git.example.com/x", ""),
        ("/build?session=@&outputs=[{\"Type\":\"registry\",\"Attrs\":{\"token\":\"@\"}}]", ""),
        ("/images/create?fromSrc=https://u:@:x&message=@&changes=ENV%20A=@", ""),
        ("/images/create?fromImage=busybox&tag=1", ""),
        ("/images/localhost/dev/x/push?tag=1", ""),
        ("/services/create", Service),
        ("/services/x/update?version=1", Service),
        ("/swarm/join", """{"RemoteAddrs":["a:1"],"JoinToken":"@"}"""),
        ("/swarm/unlock", """{"UnlockKey":"@"}"""),
        ("/swarm/init", """{"Spec":{"CAConfig":{"SigningCAKey":"@","ExternalCAs":[{"URL":"https://x","Options":{"a":"@"}}]},"Labels":{"a":"@"}}}"""),
        ("/swarm/update?version=1", """{"CAConfig":{"SigningCAKey":"@"},"TaskDefaults":{"LogDriver":{"Name":"splunk","Options":{"token":"@"}}}}"""),
        ("/plugins/x/set", """["TOKEN=@"]"""),
        ("/plugins/pull?remote=x", "[]"),
        .. ((string[])["/secrets/create", "/secrets/x/update?version=1", "/configs/create", "/configs/x/update?version=1"])
            .Select(target => (target, """{"Name":"n","Data":"@64","Labels":{"a":"@"},"Templating":{"Name":"golang","Options":{"a":"@"}}}""")),
        .. OfConfig.SelectMany(member => (IEnumerable<(string, string)>)
        [
            ("/containers/create", $$"""{"Image":"busybox",{{member}}}"""), ("/containers/x/exec", "{" + member + "}"), ("/commit?container=x&repo=localhost/dev/x&tag=1", "{" + member + "}"),
        ]),
        .. OfHostConfig.Select(member => ("/containers/create", "{\"Image\":\"busybox\",\"HostConfig\":{" + member + "}}")),
    ];

    /// <summary>Each as a client would send it, with credentials in its head.</summary>
    private static IEnumerable<(string Target, string Body, RequestHeader[] Heads)> Requests() => Others.Select(request => (
        "/v1.41" + string.Concat(Filled(request.Target).Select(c => c is '{' or '}' or '"' or '[' or ']' ? Uri.HexEscape(c) : $"{c}")),
        Filled(request.Body),
        (RequestHeader[])
        [
            new("X-Registry-Auth", Url(Filled("""{"username":"u","password":"@","identitytoken":"@","registrytoken":"@","serveraddress":"registry.example.com"}"""))),
            new("X-Registry-Config", Url(Filled("""{"registry.example.com":{"username":"u","password":"@"}}"""))),
        ]));

    private static string Filled(string text) => text.Replace("@64", Encoded, StringComparison.Ordinal).Replace("@", Secret, StringComparison.Ordinal);

    private static string Url(string json) => Convert.ToBase64String(Encoding.UTF8.GetBytes(json)).Replace('+', '-').Replace('/', '_');

    private static string Record(EngineOperation operation, string body)
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer, AuditChain.Options))
        {
            json.WriteStartObject();
            RecordedBody.Write(operation, Encoding.UTF8.GetBytes(body), json, []);
            json.WriteEndObject();
        }

        return Encoding.UTF8.GetString(buffer.ToArray());
    }

    /// <summary>A document in which every text, key of a map and list of texts says its own path; nothing for what holds no text.</summary>
    private static JsonNode? Fill(DocumentShape shape, string path, Dictionary<string, string> filled)
    {
        switch (shape.Kind)
        {
            case ValueKind.Text or ValueKind.Bytes or ValueKind.TextOrList:
                return filled[path] = $"text-{filled.Count}-";
            case ValueKind.Structure:
                return new JsonObject(shape.Fields.Values.Select(field => KeyValuePair.Create(field.Name, Fill(field.Shape, path.Length == 0 ? field.Name : $"{path}.{field.Name}", filled))).Where(member => member.Value is not null));
            case ValueKind.List:
                return Fill(shape.Entry!, path, filled) is { } entry ? new JsonArray(entry) : null;
            case ValueKind.Map:
                return Fill(shape.Entry!, path, filled) is { } value ? new JsonObject { ["key"] = value } : null;
            default:
                return null;
        }
    }
}
