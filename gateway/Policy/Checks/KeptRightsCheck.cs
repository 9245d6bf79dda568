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

    public static Check<NoBody> OfContainer { get; } = new("kept-rights", null, [], (_, context) => CheckSubject(context));

    public static Check<ExecCreateBody> OfExec { get; } = new("kept-rights", null, [], (_, context) => CheckSubject(context));

    public static Check<ExecStartBody> OfExecStart { get; } = new("kept-rights", null, [], (_, context) => Check(context.Find(ObjectKind.Exec, context.Request.Name ?? "") is { } exec ? Json.Member(exec.Raw, ObjectResolver.WholeMember) : null, context));

    private static void CheckSubject(CheckContext context) => Check(context.Find(ObjectKind.Container, context.Request.Name ?? "")?.Raw, context);

    private static void Check(JsonElement? found, CheckContext context)
    {
        if (found is not { } container || context.AllObjects)
        {
            return;
        }

        var body = MadeWith(container);
        var host = body.HostConfig!;
        foreach (var check in OfBody)
        {
            check.Run(body, context);
        }

        if (host.NetworkMode is { } network)
        {
            NetworkCheck.Join(network, "HostConfig.NetworkMode", context);
        }

        foreach (var device in host.Devices!)
        {
            DeviceCheck.CheckGranted(device.PathOnHost ?? "", device.CgroupPermissions ?? "", context);
        }

        if (host.DeviceCgroupRules!.Count > 0 && !context.Grants.Privileged)
        {
            context.Never("HostConfig.DeviceCgroupRules", null, "a rule opens whole classes of devices");
        }

        UserCheck.CheckKept(body.User, host.SecurityOpt!, context);
    }

    /// <summary>What a create would have said for the container of an inspect, as far as it leads to the host.</summary>
    public static ContainerCreateBody MadeWith(JsonElement container)
    {
        var host = Json.Member(container, "HostConfig");
        return new ContainerCreateBody
        {
            User = Json.String(Json.Member(container, "Config"), "User"),
            HostConfig = new HostConfig
            {
                Privileged = Json.True(host, "Privileged"),
                CapAdd = new TextOrList(Json.Strings(host, "CapAdd")),
                SecurityOpt = [.. Json.Strings(host, "SecurityOpt").Where(option => !option.StartsWith("label", StringComparison.Ordinal))],
                MaskedPaths = !Json.True(host, "Privileged") && (Lacks(host, "MaskedPaths", "/proc/kcore") || Lacks(host, "ReadonlyPaths", "/proc/sys")) ? [] : null,
                NetworkMode = Host(host, "NetworkMode"),
                PidMode = Host(host, "PidMode"),
                IpcMode = Host(host, "IpcMode"),
                UTSMode = Host(host, "UTSMode"),
                UsernsMode = Host(host, "UsernsMode"),
                Devices = [.. Json.Items(Json.Member(host, "Devices")).Select(device => new DeviceMapping { PathOnHost = Json.String(device, "PathOnHost"), CgroupPermissions = Json.String(device, "CgroupPermissions") })],
                DeviceCgroupRules = [.. Json.Strings(host, "DeviceCgroupRules")],
                DeviceRequests = [.. Json.Items(Json.Member(host, "DeviceRequests")).Select(Request)],
            },
        };
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
