using System.Text.Json;
using Gateway.EngineApi;
using Gateway.Objects;

namespace Gateway.Audit;

/// <summary>
/// What a record keeps of an engine's inspect answer: exactly what decisions look at, which is no secret. A <c>*</c> stands for
/// each name of a map; lists are gone through.
/// </summary>
internal sealed class RecordedInspect
{
    private readonly Dictionary<string, RecordedInspect> members = new(StringComparer.Ordinal);

    private RecordedInspect(params IEnumerable<string> paths)
    {
        foreach (var path in paths)
        {
            var at = this;
            foreach (var name in path.Split('.'))
            {
                at = at.members.TryGetValue(name, out var known) ? known : at.members[name] = new RecordedInspect();
            }
        }
    }

    /// <summary>What a container was made with, as far as a start or an exec is judged by it again.</summary>
    private static readonly string[] MadeWith =
    [
        "Config.User", "HostConfig.Privileged", "HostConfig.CapAdd", "HostConfig.SecurityOpt", "HostConfig.MaskedPaths", "HostConfig.ReadonlyPaths", "HostConfig.NetworkMode",
        "HostConfig.PidMode", "HostConfig.IpcMode", "HostConfig.UTSMode", "HostConfig.UsernsMode", "HostConfig.Devices.PathOnHost", "HostConfig.Devices.CgroupPermissions",
        "HostConfig.DeviceCgroupRules", "HostConfig.DeviceRequests.Driver", "HostConfig.DeviceRequests.Count", "HostConfig.DeviceRequests.DeviceIDs", "HostConfig.DeviceRequests.Capabilities",
    ];

    private static readonly RecordedInspect Container = new([.. MadeWith,
        "Config.Image", "Config.Hostname", "State", "HostConfig.NetworkMode", "HostConfig.PidMode", "HostConfig.IpcMode", "HostConfig.Links", "HostConfig.VolumesFrom", "HostConfig.Memory",
        "HostConfig.CpuQuota", "HostConfig.CpuPeriod", "HostConfig.CapDrop", "HostConfig.Mounts.Type", "HostConfig.Mounts.Source", "Mounts.Type", "Mounts.Name", "Mounts.Source", "Mounts.RW",
        "NetworkSettings.Networks.*.NetworkID", "NetworkSettings.Networks.*.Links"]);

    /// <summary>What a selector on images looks at.</summary>
    private static readonly RecordedInspect Started = new("Config.Image");

    private static readonly RecordedInspect Exec = new(["ProcessConfig.privileged", "ProcessConfig.user", .. MadeWith.Select(path => $"{ObjectResolver.WholeMember}.{path}")]);

    private static readonly RecordedInspect Image = new("Config.Volumes.*", "Config.Healthcheck.Interval", "Config.Healthcheck.StartInterval", "Config.Healthcheck.Timeout", "Config.Healthcheck.StartPeriod");

    /// <summary>Whether it stands for a folder of the host; other options may hold passwords.</summary>
    private static readonly RecordedInspect Volume = new("Options.device");

    /// <summary>The operations that look at more of a container than what it was started from.</summary>
    private static readonly HashSet<string> LooksInside = ["ContainerCreate", "ContainerExec", "ContainerStart", "ContainerRestart", "ContainerUpdate", "ContainerAttach", "ContainerAttachWebsocket", "PutContainerArchive", "ImageBuild", "ContainerRename", "NetworkConnect", "NetworkCreate", "NetworkDelete"];

    /// <summary>The member <c>inspect</c>; nothing where there is nothing to keep.</summary>
    public static void Write(EngineObject found, EngineOperation operation, Utf8JsonWriter json)
    {
        var kept = found.Kind switch
        {
            ObjectKind.Container => LooksInside.Contains(operation.Name) ? Container : Started,
            ObjectKind.Exec => Exec,
            ObjectKind.Image => Image,
            ObjectKind.Volume => Volume,
            _ => null,
        };
        if (kept is not null && found.Raw.ValueKind == JsonValueKind.Object && found.Raw.EnumerateObject().Any(member => kept.members.ContainsKey(member.Name)))
        {
            json.WritePropertyName("inspect");
            kept.Write(found.Raw, json);
        }
    }

    private void Write(JsonElement element, Utf8JsonWriter json)
    {
        switch (element.ValueKind)
        {
            case JsonValueKind.Object:
                json.WriteStartObject();
                foreach (var member in element.EnumerateObject())
                {
                    if ((members.GetValueOrDefault(member.Name) ?? members.GetValueOrDefault("*")) is { } kept && member.Value.ValueKind != JsonValueKind.Null)
                    {
                        json.WritePropertyName(member.Name);
                        kept.Write(member.Value, json);
                    }
                }

                json.WriteEndObject();
                break;
            case JsonValueKind.Array:
                json.WriteStartArray();
                foreach (var item in element.EnumerateArray())
                {
                    Write(item, json);
                }

                json.WriteEndArray();
                break;
            default:
                element.WriteTo(json);
                break;
        }
    }
}
