using System.Globalization;

namespace Gateway.Policy.Reach;

/// <summary>A role's grants in short words, for the report's table.</summary>
internal static class GrantWords
{
    public static IEnumerable<string> Of(Role role)
    {
        if (role.Grants is not { } grants)
        {
            return ["everything"];
        }

        return
        [
            .. List("images", grants.Images),
            .. List("own images", grants.OwnImages),
            .. List("binds", grants.Binds.Select(b => $"{b.Source} ({(b.ReadWrite ? "rw" : "ro")}{(b.Inside ? ", and inside" : "")})")),
            .. List("networks", grants.Networks),
            .. List("ports", grants.Publish is { } publish ? publish.Addresses.SelectMany(_ => publish.Ports, (a, p) => $"{a}:{(p.First == p.Last ? Number(p.First) : $"{Number(p.First)}-{Number(p.Last)}")}") : []),
            .. List("capabilities", grants.Capabilities),
            .. List("devices", grants.Devices.Select(d => $"{d.Path} ({d.Permissions})")),
            .. List("GPUs", grants.Gpus == 0 ? [] : [grants.Gpus < 0 ? "all" : Number(grants.Gpus)]),
            .. List("runtimes", grants.Runtimes),
            .. List("sysctls", grants.Sysctls),
            .. List("security options", grants.SecurityOptions),
            .. List("host namespaces", grants.HostNamespaces),
            .. grants.Privileged ? ["privileged"] : (string[])[],
            .. grants.NonRoot ? ["user: non-root"] : (string[])[],
        ];
    }

    private static IEnumerable<string> List(string name, IEnumerable<string> values) => values.Distinct(StringComparer.Ordinal).ToList() is { Count: > 0 } all ? [$"{name}: {string.Join(", ", all)}"] : [];

    private static string Number(int number) => number.ToString(CultureInfo.InvariantCulture);
}
