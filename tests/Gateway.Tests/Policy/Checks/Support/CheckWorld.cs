using System.Text.Json;
using Gateway.EngineApi;
using Gateway.Objects;

namespace Gateway.Tests.Policy.Checks.Support;

/// <summary>The objects that the cases' engine has: alice's, bob's, an administrator's, and what they were made with.</summary>
internal static class CheckWorld
{
    public const string Alice = "alice";
    private const string Bob = "bob";

    public static IReadOnlyDictionary<ObjectReference, EngineObject?> Objects { get; } = All().ToDictionary(o => new ObjectReference(o.Kind, o.Asked), o => o.Found);

    /// <summary>64 hex digits that begin as said.</summary>
    public static string Id(string digits) => digits.PadRight(64, '0');

    private static IEnumerable<(ObjectKind Kind, string Asked, EngineObject? Found)> All()
    {
        foreach (var container in Containers())
        {
            yield return container;
        }

        yield return Volume("gateway-folder.srv.data", "gateway", """{"Options":{"device":"/srv/data"}}""");
        yield return Volume("of-folder", Alice, """{"Options":{"device":"/srv/data"}}""");
        yield return Network("own-net", "c1", Alice);
        yield return Network("other-net", "c2", Bob);
        yield return Network("shared", "c3", null);
        yield return Network("bobs-shared", "c4", Bob);
        yield return Network("bridge", "c5", null);
        yield return Network("host", "c6", null);
        yield return (ObjectKind.Network, Id("c5"), Network("bridge", "c5", null).Found);
        yield return (ObjectKind.Network, Id("c6"), Network("host", "c6", null).Found);
        yield return Volume("own-vol", Alice);
        yield return Volume("other-vol", Bob);
        yield return (ObjectKind.Volume, "new-vol", null);
        yield return (ObjectKind.Volume, "0123456789ab", null);
        yield return Image("busybox", "d1", null, ["docker.io/library/busybox:latest"], "{}");
        yield return Image("redis", "d2", null, ["docker.io/library/redis:latest"], """{"Config":{"Volumes":{"/data":{}}}}""");
        yield return Image("docker.io/library/redis", "d2", null, ["docker.io/library/redis:latest"], """{"Config":{"Volumes":{"/data":{}}}}""");
        yield return Image("routed", "d3", null, ["docker.io/library/routed:latest"], "{}", new() { ["Traefik.enable"] = "true" });
        yield return Image("forged", "d4", null, ["docker.io/library/forged:latest"], "{}", new() { ["gateway.owner"] = Bob });
        yield return Image(Id("d5"), "d5", Alice, [], "{}");
        yield return Image(Id("d6"), "d6", Bob, ["quay.io/bob/secret:latest"], "{}");
        yield return Image(Id("d7"), "d7", Alice, ["docker.io/library/busybox:latest"], "{}");
        yield return Image("localhost/alice/app", "d8", Alice, ["localhost/alice/app:latest"], "{}");
        yield return Image("quay.io/bob/secret", "d6", Bob, ["quay.io/bob/secret:latest"], "{}");
        yield return Image("checked", "d9", null, ["docker.io/library/checked:latest"], """{"Config":{"Healthcheck":{"Test":["CMD","true"],"Interval":1000000}}}""");
        yield return Image("heavy", "db", null, ["docker.io/library/heavy:latest"], $"{{\"Config\":{{\"Labels\":{{\"a\":\"{new string('x', 1 << 20)}\"}}}}}}");
        yield return Image("placed", "da", null, ["docker.io/library/placed:latest"], """{"Config":{"Volumes":{"/proc":{}}}}""");
        yield return Exec("plain", "e1", """{"ProcessConfig":{"privileged":false,"user":"1000"}}""");
        yield return Exec("rooted", "e2", """{"ProcessConfig":{"privileged":false,"user":""}}""");
        yield return Exec("privileged", "e3", """{"ProcessConfig":{"privileged":true,"user":"1000"}}""");
        yield return Exec("in-more", "e4", """{"ProcessConfig":{"privileged":false,"user":"1000"}}""", "more");
    }

    private static IEnumerable<(ObjectKind Kind, string Asked, EngineObject? Found)> Containers()
    {
        yield return Container("mine", "a1", Alice, """{"HostConfig":{"Memory":268435456,"CpuQuota":0},"Mounts":[]}""");
        yield return Container("other", "b1", Bob, "{}");
        yield return Container("hosted", "a2", Alice, """{"HostConfig":{"PidMode":"host","IpcMode":"host","NetworkMode":"host"},"Mounts":[{"Type":"bind","Source":"/etc","RW":true}]}""");
        yield return Container("chained", "a3", Alice, """{"HostConfig":{"PidMode":"container:x","NetworkMode":"container:x"}}""");
        yield return Container("quota", "a4", Alice, """{"HostConfig":{"CpuQuota":20000,"CpuPeriod":10000,"Memory":0}}""");
        yield return Container("bound", "a5", Alice, """{"HostConfig":{"CapDrop":["MKNOD"]},"Mounts":[{"Type":"bind","Source":"/srv/data","RW":true}]}""");
        yield return Container("inner", "a9", Alice, """{"HostConfig":{"CapDrop":["MKNOD"]},"Mounts":[{"Type":"volume","Name":"gateway-folder.srv.data","RW":true}]}""");
        yield return Container("makes-nodes", "aa", Alice, """{"HostConfig":{},"Mounts":[{"Type":"bind","Source":"/srv/data","RW":true}]}""");
        yield return Container("imaged", "a6", Alice, """{"Mounts":[{"Type":"image","Source":"/x","RW":false}]}""");
        yield return Container("called", "a7", Alice, """{"Config":{"Hostname":"db"}}""");
        yield return (ObjectKind.Container, "dotted", Container("a.example.com", "a8", Alice, "{}").Item3);
        yield return Container("bound-unprivileged", "b0", Alice, """{"HostConfig":{"SecurityOpt":["no-new-privileges"]},"Config":{"User":"1000"},"Mounts":[{"Type":"bind","Source":"/srv/data","RW":true}]}""");
        yield return Container("more", "01", Alice, """{"HostConfig":{"Privileged":true}}""");
        yield return Container("added", "02", Alice, """{"HostConfig":{"CapAdd":["CAP_SYS_ADMIN"],"SecurityOpt":["label=disable"]}}""");
        yield return Container("unconfined", "03", Alice, """{"HostConfig":{"SecurityOpt":["seccomp:unconfined"]}}""");
        yield return Container("unmasked", "04", Alice, """{"HostConfig":{"MaskedPaths":[],"ReadonlyPaths":[]}}""");
        yield return Container("masked", "05", Alice, """{"HostConfig":{"MaskedPaths":["/proc/kcore"],"ReadonlyPaths":["/proc/sys"],"CgroupnsMode":"host","Runtime":"runc"},"Config":{"User":"1000"}}""");
        yield return Container("with-device", "06", Alice, """{"HostConfig":{"Devices":[{"PathOnHost":"/dev/fuse","PathInContainer":"/dev/fuse","CgroupPermissions":"rwm"}]}}""");
        yield return Container("ruled", "07", Alice, """{"HostConfig":{"DeviceCgroupRules":["c 1:3 rwm"]}}""");
        yield return Container("with-gpu", "08", Alice, """{"HostConfig":{"DeviceRequests":[{"Driver":"","Count":-1,"DeviceIDs":null,"Capabilities":[["gpu"]],"Options":{}}]}}""");
        yield return Container("on-host-net", "09", Alice, """{"HostConfig":{"NetworkMode":"host"}}""");
        yield return Container("unprivileged", "0a", Alice, """{"HostConfig":{"SecurityOpt":["no-new-privileges"]},"Config":{"User":"1000:1000"}}""");
    }

    private static (ObjectKind, string, EngineObject?) Container(string name, string id, string owner, string raw) =>
        (ObjectKind.Container, name, new EngineObject(ObjectKind.Container, Id(id), name, owner, Owned(owner), Json(raw)));

    private static (ObjectKind Kind, string Asked, EngineObject? Found) Network(string name, string id, string? owner) =>
        (ObjectKind.Network, name, new EngineObject(ObjectKind.Network, Id(id), name, owner, Owned(owner), Json("{}")));

    private static (ObjectKind, string, EngineObject?) Volume(string name, string owner, string raw = "{}") =>
        (ObjectKind.Volume, name, new EngineObject(ObjectKind.Volume, name, name, owner, Owned(owner), Json(raw)));

    private static (ObjectKind, string, EngineObject?) Exec(string name, string id, string raw, string container = "unprivileged") =>
        (ObjectKind.Exec, name, new EngineObject(ObjectKind.Exec, Id(id), name, Alice, Owned(Alice), Json($"{raw[..^1]},\"{ObjectResolver.WholeMember}\":{Containers().First(c => c.Asked == container).Found!.Raw}}}")));

    private static (ObjectKind, string, EngineObject?) Image(string asked, string id, string? owner, string[] names, string raw, Dictionary<string, string>? labels = null) =>
        (ObjectKind.Image, asked, new EngineObject(ObjectKind.Image, "sha256:" + Id(id), "", owner, labels ?? Owned(owner), Json(raw)) { ImageNames = names });

    private static Dictionary<string, string> Owned(string? owner) => owner is null ? [] : new() { [OwnerLabel.Name] = owner };

    private static JsonElement Json(string text)
    {
        using var document = JsonDocument.Parse(text);
        return document.RootElement.Clone();
    }
}
