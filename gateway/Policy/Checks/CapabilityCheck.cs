using Gateway.EngineApi.Documents;
using Gateway.Policy.Files.Values;

namespace Gateway.Policy.Checks;

/// <summary>Added capabilities (grant <c>capabilities</c>), in any case, with or without <c>CAP_</c>; <c>ALL</c> only where it is listed (I18).</summary>
internal static class CapabilityCheck
{
    public static Check<ContainerCreateBody> OfCreate { get; } = new("capabilities", "capabilities", ["HostConfig.CapAdd"], Check);

    private static void Check(ContainerCreateBody body, CheckContext context)
    {
        foreach (var capability in body.HostConfig!.CapAdd ?? Enumerable.Empty<string>())
        {
            var name = capability.ToUpperInvariant();
            name = name.StartsWith("CAP_", StringComparison.Ordinal) ? name[4..] : name;
            if (!context.Grants.Capabilities.Contains(name) && !(context.Grants.Capabilities.Contains(Capability.All) && Capability.IsKnown(name)))
            {
                context.NoGrant("HostConfig.CapAdd", "capability", name, context.Grants.Capabilities);
            }
        }
    }
}
