using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Gateway.EngineApi;
using Gateway.Objects;
using Gateway.Offline;
using Gateway.Policy;
using Gateway.Wire;

namespace Gateway.Tests.Offline.Support;

/// <summary>Requests and engines about the things that the random policies speaks of.</summary>
internal sealed class RandomRequest(Random random)
{
    private static readonly string[] Names = ["web", "web-1", "db", "data", "shared", "bridge", "abc123"];
    private static readonly string[] Images = ["busybox", "nginx:1.29", "nginx:2", "localhost/alice/app", "docker.io/bob/x:1", "quay.io/base/app:2", "abc123", "localhost/team/app", "localhost/ops/app"];

    public OfflineRequest Next()
    {
        var name = Pick(Names);
        return random.Next(22) switch
        {
            0 => OfflineRequest.Of("GET", "/v1.41/version"),
            1 => OfflineRequest.Of("GET", "/info"),
            2 => OfflineRequest.Of("POST", $"/v1.41/containers/{name}/start"),
            3 => OfflineRequest.Of("POST", $"/containers/{name}/stop?t=5"),
            4 => OfflineRequest.Of("GET", $"/containers/{name}/json"),
            5 => OfflineRequest.Of("DELETE", $"/containers/{name}?force=1"),
            6 => OfflineRequest.Of("POST", $"/containers/{name}/exec", new JsonObject { ["Cmd"] = new JsonArray("id"), ["User"] = Pick(["", "0", "1000:1000"]), ["Privileged"] = random.Next(4) == 0 }.ToJsonString()),
            7 => OfflineRequest.Of("POST", $"/exec/{new string('b', 64)}/start", """{"Detach":false}"""),
            8 => OfflineRequest.Of("POST", $"/containers/{name}/update", new JsonObject { ["Memory"] = Pick([0L, 1L << 28, 1L << 30, 3L << 30]), ["PidsLimit"] = Pick([64L, 1000L, 2000L]) }.ToJsonString()),
            9 => OfflineRequest.Of("POST", "/volumes/create", new JsonObject { ["Name"] = Pick(["data", "new"]) }.ToJsonString()),
            10 => OfflineRequest.Of("POST", $"/networks/{name}/connect", new JsonObject { ["Container"] = Pick(Names) }.ToJsonString()),
            11 => OfflineRequest.Of("GET", $"/networks/{name}"),
            12 => OfflineRequest.Of("POST", $"/images/{Pick(Images)}/tag?repo={Pick(["localhost/alice/app", "docker.io/alice/y", "busybox"])}&tag=v2"),
            13 => OfflineRequest.Of("POST", $"/images/create?fromImage={Pick(["busybox", "nginx", "quay.io/base/app"])}&tag={Pick(["latest", "1.29"])}"),
            14 => OfflineRequest.Of("GET", $"/images/{Pick(Images)}/json"),
            15 => OfflineRequest.Of("POST", "/auth", new JsonObject { ["username"] = "a", ["serveraddress"] = Pick(["https://index.docker.io/v1/", "quay.io", "evil.example"]) }.ToJsonString()),
            16 => OfflineRequest.Of("POST", "/networks/create", Network().ToJsonString()),
            17 => OfflineRequest.Of("GET", Pick(["/containers/json", "/containers/json?all=1&filters=%7B%22name%22%3A%5B%22web%22%5D%7D", "/networks", "/volumes", "/images/json"])),
            18 => OfflineRequest.Of("GET", $"/images/search?term={Pick(["busybox", "quay.io/base/app", "evil.example/x"])}"),
            _ => Create(),
        };
    }

    private JsonObject Network()
    {
        var body = new JsonObject { ["Name"] = Pick(["new", "shared", "web-net"]), ["Labels"] = Labels() };
        if (random.Next(2) == 0)
        {
            body["IPAM"] = new JsonObject { ["Config"] = new JsonArray(new JsonObject { ["Subnet"] = Pick(["10.9.0.0/16", "10.9.1.0/24", "10.9.1.128/25", "192.168.7.0/24"]) }) };
        }

        return body;
    }

    private JsonObject Labels() => Pick<Func<JsonObject>>([() => [], () => new() { ["team"] = "a" }, () => new() { ["team"] = "b" }, () => new() { ["traefik.enable"] = "true" }, () => new() { ["Traefik.http"] = "x" }, () => new() { ["backup.every"] = "day" }])();

    /// <summary>The request as bytes, read by the gateway's own parser of heads.</summary>
    public static RequestHead OnTheWire(OfflineRequest request) => RequestHeadParser.Parse(Encoding.Latin1.GetBytes(
        $"{request.Method} {request.Target} HTTP/1.1\r\nHost: docker\r\n{string.Concat(request.Headers.Select(h => $"{h.Name}: {h.Value}\r\n"))}{(request.Body.IsEmpty ? "" : $"Content-Length: {request.Body.Length}\r\n")}\r\n"));

    /// <summary>One engine: each object there or not, somebody's or nobody's, with labels and an image.</summary>
    public IReadOnlyDictionary<ObjectReference, EngineObject?> Engine(EngineRequest read, OfflineRequest request, string user) =>
        RequestReferences.Of(read, request.Body).ToDictionary(reference => reference, reference => Object(reference, user));

    private EngineObject? Object(ObjectReference reference, string user)
    {
        if (reference is { Kind: ObjectKind.Network, Name: "bridge" or "none" or "host" })
        {
            return Build(reference.Kind, reference.Name, null, [], "{}");
        }

        if (random.Next(6) == 0)
        {
            return null;
        }

        var owner = Pick([user, user, "carol", null]);
        var labels = Pick<Dictionary<string, string>>([[], new() { ["team"] = "a" }, new() { ["team"] = "a", ["tier"] = "web" }, new() { ["team"] = "b" }]);
        var named = reference.Kind == ObjectKind.Image && ImageReference.TryParse(reference.Name, out var image) && !image.MayBeId ? image.Canonical : "docker.io/library/nginx:1.29";
        var raw = reference.Kind == ObjectKind.Container ? $$$"""{"Config":{"Image":"{{{Pick(["nginx", "busybox:1", "quay.io/base/app"])}}}"}}""" : "{}";
        return Build(reference.Kind, reference.Name == "abc123" ? Pick(["web-1", "db", "shared"]) : reference.Name, owner, reference.Kind == ObjectKind.Image ? [] : new(labels), raw) with
        {
            ImageNames = reference.Kind == ObjectKind.Image ? [named] : [],
        };
    }

    private static EngineObject Build(ObjectKind kind, string name, string? owner, Dictionary<string, string> labels, string raw)
    {
        if (owner is not null) labels[OwnerLabel.Name] = owner;
        using var json = JsonDocument.Parse(raw);
        return new EngineObject(kind, new string('c', 64), name, owner, labels, json.RootElement.Clone());
    }

    private OfflineRequest Create()
    {
        var host = new JsonObject();
        var body = new JsonObject { ["Image"] = Pick(Images), ["HostConfig"] = host };
        for (var n = random.Next(0, 3); n > 0; n--)
        {
            switch (random.Next(22))
            {
                case 0: host["Privileged"] = true; break;
                case 1: host["CapAdd"] = new JsonArray(Pick(["NET_ADMIN", "SYS_PTRACE", "cap_net_bind_service"])); break;
                case 2: host["NetworkMode"] = Pick(["host", "none", "shared", "web"]); break;
                case 3: host["PidMode"] = Pick(["host", "container:web"]); break;
                case 4: host["IpcMode"] = Pick(["host", "private"]); break;
                case 5: host["Binds"] = new JsonArray(Pick(["/srv/a:/x", "/srv/a:/x:ro", "/srv/alice:/x:ro", "data:/x", "/etc:/x"])); break;
                case 6: host["PortBindings"] = new JsonObject { ["80/tcp"] = new JsonArray(new JsonObject { ["HostIp"] = Pick(["127.0.0.1", "0.0.0.0", ""]), ["HostPort"] = Pick(["80", "8050", "8100", "8090-8150"]) }) }; break;
                case 7: host["Devices"] = new JsonArray(new JsonObject { ["PathOnHost"] = Pick(["/dev/fuse", "/dev/kvm"]), ["PathInContainer"] = "/dev/fuse", ["CgroupPermissions"] = Pick(["r", "rwm"]) }); break;
                case 8: host["Sysctls"] = new JsonObject { [Pick(["net.core.somaxconn", "kernel.msgmax"])] = "1" }; break;
                case 9: host["SecurityOpt"] = new JsonArray(Pick(["label:disable", "seccomp=unconfined", "no-new-privileges"])); break;
                case 10: host["Memory"] = Pick([1L << 28, 1L << 30, 3L << 30, 8L << 30]); break;
                case 11: host["NanoCpus"] = Pick([1_000_000_000L, 2_000_000_000L, 3_000_000_000L]); break;
                case 12: host["PidsLimit"] = Pick([64L, 500L, 2000L]); break;
                case 13: body["User"] = Pick(["0", "1000:1000"]); break;
                case 14: host["DeviceRequests"] = new JsonArray(new JsonObject { ["Count"] = Pick([1L, -1L]), ["Capabilities"] = new JsonArray(new JsonArray("gpu")) }); break;
                case 15: host["Ulimits"] = new JsonArray(new JsonObject { ["Name"] = "nofile", ["Soft"] = 1024, ["Hard"] = Pick([1024L, 65536L, 2097152L, -1L]) }); break;
                case 16: host["LogConfig"] = new JsonObject { ["Type"] = Pick(["journald", "gelf", "json-file"]), ["Config"] = new JsonObject() }; break;
                case 17: body["Labels"] = Labels(); break;
                case 18: host["Runtime"] = Pick(["runsc", "kata", "runc"]); break;
                case 19: host["VolumesFrom"] = new JsonArray(Pick(["web", "web-1:ro", "db"])); break;
                case 20: host["Binds"] = new JsonArray(Pick(["/srv/team:/x:ro", "/srv/ops:/x:ro"])); break;
                default: host["ShmSize"] = Pick([1L << 26, 1L << 29, 1L << 31]); break;
            }
        }

        return OfflineRequest.Of("POST", $"/v1.41/containers/create?name={Pick(["new", "new", "web-new", "db"])}", body.ToJsonString());
    }

    private T Pick<T>(T[] from) => from[random.Next(from.Length)];
}
