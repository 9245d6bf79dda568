using Gateway.EngineApi.Documents;
using Gateway.Policy.Files.Values;

namespace Gateway.Policy.Checks;

/// <summary>
/// Added capabilities (grant <c>capabilities</c>), in any case, with or without <c>CAP_</c>; <c>ALL</c> only where it is listed (I18).
/// One that every container has anyway needs no grant, and none is added: it is kept from being dropped, so that
/// <c>--cap-drop ALL --cap-add CHOWN</c> is forwarded as the drop of all the others.
/// </summary>
internal static class CapabilityCheck
{
    public static Check<ContainerCreateBody> OfCreate { get; } = new("capabilities", "capabilities", ["HostConfig.CapAdd", "HostConfig.CapDrop"], Check);

    private static void Check(ContainerCreateBody body, CheckContext context)
    {
        var host = body.HostConfig!;
        var granted = context.Grants.Capabilities;
        var kept = new HashSet<string>(StringComparer.Ordinal);
        foreach (var name in (host.CapAdd ?? Enumerable.Empty<string>()).Select(Capability.Name))
        {
            if (granted.Contains(name) || (granted.Contains(Capability.All) && Capability.IsKnown(name)))
            {
                continue;
            }

            if (Capability.Default.Contains(name))
            {
                kept.Add(name);
            }
            else
            {
                context.NoGrant("HostConfig.CapAdd", "capability", name, granted);
            }
        }

        if (kept.Count > 0)
        {
            host.CapAdd = new TextOrList([.. host.CapAdd!.Where(capability => !kept.Contains(Capability.Name(capability)))]);
            host.CapDrop = new TextOrList([.. Dropped(host.CapDrop ?? Enumerable.Empty<string>()).Where(capability => !kept.Contains(Capability.Name(capability)))]);
        }
    }

    /// <summary>moby <c>daemon/pkg/oci/caps/utils.go</c>: what is added wins over what is dropped, each by name or all of it.</summary>
    private static IEnumerable<string> Dropped(IEnumerable<string> drop) => drop.Select(Capability.Name).Contains(Capability.All) ? Capability.Default : drop;
}
