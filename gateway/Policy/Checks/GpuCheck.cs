using Gateway.EngineApi.Documents;

namespace Gateway.Policy.Checks;

/// <summary>
/// GPUs (grant <c>gpus</c>): a count, summed over all requests, or <c>all</c>. Single ones by id, and CDI devices, only by their
/// full name in <c>devices</c> (<c>nvidia.com/gpu=0</c>): a CDI file can mount any path of the host. Driver options: no grant (I27).
/// </summary>
internal static class GpuCheck
{
    private const string Field = "HostConfig.DeviceRequests";
    private const int All = -1;
    private const string Prefix = "nvidia.com/gpu=";

    private static readonly string[] Capabilities = ["gpu", "nvidia", "compute", "compat32", "graphics", "utility", "video", "display", "ngx"];

    public static Check<ContainerCreateBody> OfCreate { get; } = new(
        "gpus",
        "gpus",
        [$"{Field}.Driver", $"{Field}.Count", $"{Field}.DeviceIDs", $"{Field}.Capabilities", $"{Field}.Options"],
        Check);

    public static Check<ContainerUpdateBody> OfUpdate { get; } = new(
        "gpus",
        null,
        ["DeviceRequests.Driver", "DeviceRequests.Count", "DeviceRequests.DeviceIDs", "DeviceRequests.Capabilities", "DeviceRequests.Options"],
        (body, context) =>
        {
            if (body.DeviceRequests is { Count: > 0 })
            {
                context.Never("DeviceRequests", null, "a container gets its devices when it is made");
            }
        });

    private static void Check(ContainerCreateBody body, CheckContext context)
    {
        long counted = 0;
        foreach (var request in body.HostConfig!.DeviceRequests ?? [])
        {
            if (request.Options is { Count: > 0 })
            {
                context.Never($"{Field}.Options", null, "a driver's options reach the host");
            }

            if (request.Driver == "cdi")
            {
                Listed(request.DeviceIDs, "", context);
            }
            else if (request.Driver is not (null or "" or "nvidia"))
            {
                context.Never($"{Field}.Driver", request.Driver, "GPUs and CDI devices are what requests are for");
            }
            else if (!AreOfGpu(request.Capabilities))
            {
                context.Refuse($"{Field}.Capabilities", "a request of GPUs has the capability \"gpu\", and no others than those of GPUs");
            }
            else if (request.DeviceIDs is { Count: > 0 } ids)
            {
                if (request.Count is not (null or 0))
                {
                    context.Malformed($"{Field}.Count", "a request has a count or ids, not both");
                }

                if (context.Grants.Gpus != All)
                {
                    Listed(ids, Prefix, context);
                }
            }
            else
            {
                // A count of 0 leaves the choice to the image's own environment, as "all" does.
                counted = request.Count is > 0 and < 1000 && counted != All ? counted + request.Count.Value : All;
            }
        }

        if (counted != 0 && context.Grants.Gpus != All && (counted == All || counted > context.Grants.Gpus))
        {
            context.NoGrant($"{Field}.Count", "GPUs", counted == All ? "all" : $"{counted}", [$"{context.Grants.Gpus}"]);
        }
    }

    /// <summary>What an id of one GPU is called in <c>devices</c>.</summary>
    public static string CdiName(string id) => Prefix + id;

    private static bool AreOfGpu(List<List<string>>? alternatives) =>
        alternatives is { Count: > 0 } && alternatives.All(all => all.Contains("gpu") && all.All(Capabilities.Contains));

    private static void Listed(List<string>? ids, string prefix, CheckContext context)
    {
        foreach (var name in (ids ?? []).Select(id => prefix + id).DefaultIfEmpty(""))
        {
            // A granted path of the host is no CDI device.
            if (name.StartsWith('/') || !context.Grants.Devices.Any(g => g.Path == name))
            {
                context.NoGrant($"{Field}.DeviceIDs", "device", name, context.Grants.Devices.Select(g => g.Path));
            }
        }
    }
}
