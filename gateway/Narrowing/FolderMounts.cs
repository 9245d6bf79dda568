using System.Text.Json.Nodes;
using Gateway.Forwarding;
using Gateway.Objects;
using Gateway.Policy;

namespace Gateway.Narrowing;

/// <summary>
/// The volumes of granted folders are the gateway's own: nobody is shown them but who is root on the host anyway. A container that has a path
/// inside a folder is shown with the bind that its user asked for.
/// </summary>
internal static class FolderMounts
{
    private const string MountsField = "Mounts";

    /// <summary>Adds to the plan of a caller who sees everything that there is, save these.</summary>
    public static ForwardPlan Hide(ForwardPlan plan, string operation) => operation switch
    {
        "ContainerList" => plan with { RewriteElements = (answer, token) => ElementStream.NarrowAsync(answer, item => AsBinds(JsonNodes.Of(item)), null, token) },
        "ContainerInspect" => plan with { RewriteAnswer = (answer, _) => ValueTask.FromResult(answer with { Body = Container(answer.Body) }) },
        "VolumeList" or "SystemDataUsage" => plan with { RewriteAnswer = (answer, _) => ValueTask.FromResult(answer with { Body = Report(answer.Body) }) },
        "SystemEvents" => plan with { RewriteLine = (line, _) => ValueTask.FromResult(IsEvent(line) ? null : line.ToArray()) },
        _ => plan,
    };

    /// <summary>An inspected container.</summary>
    public static byte[] Container(byte[] body) => Holds(body) ? JsonNodes.Write(AsBinds(JsonNodes.Object(body))!) : body;

    /// <summary>A container as a list or an inspect has it; a list does not say which path inside the folder it is.</summary>
    public static JsonNode? AsBinds(JsonNode? container)
    {
        var asked = ((container?["HostConfig"] as JsonObject)?[MountsField] as JsonArray)?.OfType<JsonObject>().Where(mount => FolderOf(mount["Source"]) is not null).ToList() ?? [];
        foreach (var mount in (container?[MountsField] as JsonArray)?.OfType<JsonObject>() ?? [])
        {
            if (FolderOf(mount["Name"]) is { } folder)
            {
                var path = asked.Find(mine => mine["Target"]?.ToString() == mount["Destination"]?.ToString())?["VolumeOptions"]?["Subpath"]?.ToString();
                mount["Type"] = "bind";
                mount["Source"] = path is null ? folder : $"{folder}/{path}";
                mount["Propagation"] = "rprivate";
                mount.Remove("Name");
                mount.Remove("Driver");
            }
        }

        foreach (var mount in asked)
        {
            mount["Type"] = "bind";
            mount["Source"] = $"{FolderOf(mount["Source"])}/{mount["VolumeOptions"]?["Subpath"]}";
            mount.Remove("VolumeOptions");
        }

        return container;
    }

    private static string? FolderOf(JsonNode? name) => name?.ToString() is { } text && FolderVolume.IsName(text) ? FolderVolume.FolderOf(text) ?? text : null;

    private static bool Holds(ReadOnlySpan<byte> body) => body.IndexOf("gateway-folder."u8) >= 0;

    private static byte[] Report(byte[] body)
    {
        if (!Holds(body))
        {
            return body;
        }

        var report = JsonNodes.Object(body);
        if (report["Volumes"] is JsonArray volumes)
        {
            volumes.RemoveAll(volume => FolderOf(volume?["Name"]) is not null);
        }

        foreach (var container in report["Containers"] as JsonArray ?? [])
        {
            AsBinds(container);
        }

        return JsonNodes.Write(report);
    }

    private static bool IsEvent(ReadOnlyMemory<byte> line) =>
        Holds(line.Span) && EngineClient.Parse(line) is var raw && Json.String(raw, "Type") == "volume" && FolderVolume.IsName(Json.String(Json.Member(raw, "Actor"), "ID") ?? "");
}
