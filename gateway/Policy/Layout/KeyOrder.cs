using Gateway.Policy.Files;

namespace Gateway.Policy.Layout;

/// <summary>The order in which the keys of each mapping of a policy file are written; names that the file chooses keep theirs.</summary>
internal static class KeyOrder
{
    private static readonly string[] Root = ["version", "roles", "users", "groups"];
    private static readonly string[] Role = ["about", "root-equivalent", "rules", "grants", "quota", "rate"];
    private static readonly string[] Rule = ["id", "allow", "deny", "on", "reason"];
    private static readonly string[] User = ["roles", "certificate", "unix"];
    private static readonly string[] Group = ["roles", "organization", "unix-group", "members"];
    private static readonly string[] Bind = ["source", "access", "inside", "setuid"];
    private static readonly string[] Publish = ["addresses", "ports"];
    private static readonly string[] Limit = ["default", "max"];

    public static IReadOnlyList<LayoutSlot> Sort(IReadOnlyList<LayoutSlot> slots, IReadOnlyList<string> path)
    {
        var order = path switch
        {
            [] => Root,
            ["roles", _] => Role,
            ["roles", _, "rules", _] => Rule,
            ["roles", _, "grants"] => GrantsReader.Keys,
            ["roles", _, "grants", "binds", _] => Bind,
            ["roles", _, "grants", "publish"] => Publish,
            ["roles", _, "grants", "memory" or "cpus" or "pids"] => Limit,
            ["users", _] => User,
            ["groups", _] => Group,
            _ => null,
        };
        return order is null ? slots : [.. slots.OrderBy(slot => Array.IndexOf(order, slot.Key?.Value) is >= 0 and var at ? at : order.Length)];
    }
}
