using System.Text.Json;
using Gateway.EngineApi;
using Gateway.EngineApi.Documents;
using Gateway.Objects;

namespace Gateway.Policy.Checks;

/// <summary>
/// What a container was made with is still granted when it is started or entered: another role, or an older policy, may have given it
/// more (threats §3.2 Rule B, §3.3; I17–I19, I31). The create's own checks read what the engine's inspect says, as far as that leads
/// to the host. Its cgroup namespace, runtime and SELinux labels are left out, which an engine fills in by itself.
/// </summary>
internal static class KeptRightsCheck
{
    private static readonly Check<ContainerCreateBody>[] OfBody =
        [PrivilegedCheck.OfCreate, CapabilityCheck.OfCreate, SecurityOptionCheck.OfCreate, SecurityOptionCheck.OfMasks, NamespaceCheck.OfCreate, GpuCheck.OfCreate];

    public static Check<NoBody> OfContainer { get; } = new("kept-rights", null, [], (_, context) => Check(context.Find(ObjectKind.Container, context.Request.Name ?? ""), context));

    public static Check<ExecCreateBody> OfExec { get; } = new("kept-rights", null, [], (_, context) => Check(context.Find(ObjectKind.Container, context.Request.Name ?? ""), context));

    public static Check<ExecStartBody> OfExecStart { get; } = new("kept-rights", null, [], (_, context) => Check(context.Find(ObjectKind.Exec, context.Request.Name ?? "")?.Whole, context));

    private static void Check(EngineObject? container, CheckContext context)
    {
        if (container is null || context.AllObjects)
        {
            return;
        }

        var host = Json.Member(container.Raw, "HostConfig");
        var options = Json.Strings(host, "SecurityOpt").Where(option => !option.StartsWith("label", StringComparison.Ordinal)).ToList();
        var body = new ContainerCreateBody
        {
            HostConfig = new HostConfig
            {
                Privileged = Json.True(host, "Privileged"),
                CapAdd = new TextOrList(Json.Strings(host, "CapAdd")),
                SecurityOpt = options,
                MaskedPaths = !Json.True(host, "Privileged") && (Lacks(host, "MaskedPaths", "/proc/kcore") || Lacks(host, "ReadonlyPaths", "/proc/sys")) ? [] : null,
                PidMode = Host(host, "PidMode"),
                IpcMode = Host(host, "IpcMode"),
                UTSMode = Host(host, "UTSMode"),
                UsernsMode = Host(host, "UsernsMode"),
                DeviceRequests = [.. Json.Items(Json.Member(host, "DeviceRequests")).Select(Request)],
            },
        };
        foreach (var check in OfBody)
        {
            check.Run(body, context);
        }

        if (Host(host, "NetworkMode") is { } network)
        {
            NetworkCheck.Join(network, "HostConfig.NetworkMode", context);
        }

        foreach (var device in Json.Items(Json.Member(host, "Devices")))
        {
            DeviceCheck.CheckGranted(Json.String(device, "PathOnHost") ?? "", Json.String(device, "CgroupPermissions") ?? "", context);
        }

        if (Json.Items(Json.Member(host, "DeviceCgroupRules")).Any() && !context.Grants.Privileged)
        {
            context.Never("HostConfig.DeviceCgroupRules", null, "a rule opens whole classes of devices");
        }

        UserCheck.CheckKept(Json.String(Json.Member(container.Raw, "Config"), "User"), options, context);
    }

    /// <summary>Every engine's own list has the path: without it, the list is the create's.</summary>
    private static bool Lacks(JsonElement host, string member, string path) =>
        Json.Member(host, member).ValueKind == JsonValueKind.Array && !Json.Strings(host, member).Contains(path);

    private static string? Host(JsonElement host, string member) => Json.String(host, member) is "host" ? "host" : null;

    private static DeviceRequest Request(JsonElement request) => new()
    {
        Driver = Json.String(request, "Driver"),
        Count = Json.Number(request, "Count"),
        DeviceIDs = [.. Json.Strings(request, "DeviceIDs")],
        Capabilities = [.. Json.Items(Json.Member(request, "Capabilities")).Select(all => Json.Items(all).Where(one => one.ValueKind == JsonValueKind.String).Select(one => one.GetString()!).ToList())],
        Options = Json.Map(Json.Member(request, "Options")),
    };
}
