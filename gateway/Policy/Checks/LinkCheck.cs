using Gateway.EngineApi;
using Gateway.EngineApi.Documents;

namespace Gateway.Policy.Checks;

/// <summary>A link gives a container another's address and environment: own containers only, forwarded by id; the alias is a name.</summary>
internal static class LinkCheck
{
    private const int FullId = 64;
    private const int ShortId = 12;

    public static Check<ContainerCreateBody> OfCreate { get; } = new("links", null, ["HostConfig.Links"], (body, context) =>
        body.HostConfig!.Links = body.HostConfig.Links?.Select(link => Written(link, FullId, "HostConfig.Links", context)).ToList())
    { ForEveryone = true };

    /// <summary>
    /// <c>ID:ALIAS</c> of a link on a network of its own, where the alias stands for a name that the network's DNS knows: of a container
    /// that is its name, which may be given away, and its short id (moby <c>daemon/container_operations.go</c>), not its full one.
    /// </summary>
    public static string OnNetwork(string link, string field, CheckContext context) => Written(link, ShortId, field, context);

    /// <summary><c>ID:ALIAS</c>, with at most so many digits of the id.</summary>
    private static string Written(string link, int digits, string field, CheckContext context)
    {
        // Inspect shows a link as /container:/holder/alias.
        var parts = link.Split(':');
        var alias = parts[^1][(parts[^1].LastIndexOf('/') + 1)..];
        if (parts.Length > 2 || !ObjectName.IsValid(alias))
        {
            context.Malformed(field, $"\"{CheckContext.Shown(link)}\" is not CONTAINER:ALIAS");
            return link;
        }

        return context.OwnId(ObjectKind.Container, parts[0].TrimStart('/')) is { } id ? $"{id[..Math.Min(id.Length, digits)]}:{alias}" : link;
    }
}
