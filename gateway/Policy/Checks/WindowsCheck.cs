using Gateway.EngineApi.Documents;

namespace Gateway.Policy.Checks;

/// <summary>Limits that only Windows has: zero, so that no engine gives them a meaning that was not judged.</summary>
internal static class WindowsCheck
{
    private static readonly string[] Fields = ["CpuCount", "CpuPercent", "IOMaximumIOps", "IOMaximumBandwidth"];

    public static Check<ContainerCreateBody> OfCreate { get; } = new("windows", null, [.. Fields.Select(f => "HostConfig." + f)], (body, context) =>
        Check(body.HostConfig!, "HostConfig.", context));

    public static Check<ContainerUpdateBody> OfUpdate { get; } = new("windows", null, Fields, (body, context) => Check(body, "", context));

    private static void Check(ContainerResources r, string prefix, CheckContext context)
    {
        ReadOnlySpan<(string Field, bool Set)> fields =
        [
            ("CpuCount", r.CpuCount is not (null or 0)),
            ("CpuPercent", r.CpuPercent is not (null or 0)),
            ("IOMaximumIOps", r.IOMaximumIOps is not (null or 0)),
            ("IOMaximumBandwidth", r.IOMaximumBandwidth is not (null or 0)),
        ];
        foreach (var (field, set) in fields)
        {
            if (set)
            {
                context.Never(prefix + field, null, "it is of Windows");
            }
        }
    }
}
