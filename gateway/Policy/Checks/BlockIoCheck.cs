using Gateway.EngineApi.Documents;

namespace Gateway.Policy.Checks;

/// <summary>Block I/O settings name the host's disks, and a weight takes from others. No grant.</summary>
internal static class BlockIoCheck
{
    private static readonly string[] Fields =
    [
        "BlkioWeight", "BlkioWeightDevice.Path", "BlkioWeightDevice.Weight", "BlkioDeviceReadBps.Path", "BlkioDeviceReadBps.Rate", "BlkioDeviceWriteBps.Path",
        "BlkioDeviceWriteBps.Rate", "BlkioDeviceReadIOps.Path", "BlkioDeviceReadIOps.Rate", "BlkioDeviceWriteIOps.Path", "BlkioDeviceWriteIOps.Rate",
    ];

    public static Check<ContainerCreateBody> OfCreate { get; } = new("block-io", null, [.. Fields.Select(f => "HostConfig." + f)], (body, context) =>
        Check(body.HostConfig!, "HostConfig.", context));

    public static Check<ContainerUpdateBody> OfUpdate { get; } = new("block-io", null, Fields, (body, context) => Check(body, "", context));

    private static void Check(ContainerResources r, string prefix, CheckContext context)
    {
        ReadOnlySpan<(string Field, bool Set)> fields =
        [
            ("BlkioWeight", r.BlkioWeight is not (null or 0)),
            ("BlkioWeightDevice", r.BlkioWeightDevice is { Count: > 0 }),
            ("BlkioDeviceReadBps", r.BlkioDeviceReadBps is { Count: > 0 }),
            ("BlkioDeviceWriteBps", r.BlkioDeviceWriteBps is { Count: > 0 }),
            ("BlkioDeviceReadIOps", r.BlkioDeviceReadIOps is { Count: > 0 }),
            ("BlkioDeviceWriteIOps", r.BlkioDeviceWriteIOps is { Count: > 0 }),
        ];
        foreach (var (field, set) in fields)
        {
            if (set)
            {
                context.Never(prefix + field, null, "it names the host's disks, or takes from others");
            }
        }
    }
}
