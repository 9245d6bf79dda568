using Gateway.EngineApi;
using Gateway.EngineApi.Documents;
using Gateway.Objects;

namespace Gateway.Policy.Checks;

/// <summary>
/// On a network that users share, the engine's DNS answers for a container's name, which nobody else has, and for its host name, which
/// anybody could have: nobody answers there for another's name, or for a domain's (threats §3.2; I38). The built-in bridge has no DNS.
/// </summary>
internal static class SharedNameCheck
{
    private static readonly string[] BuiltIn = ["bridge", "host", "none"];

    public static Check<ContainerCreateBody> OfCreate { get; } = new("shared-names", "networks", ["Hostname", "?name"], (body, context) =>
    {
        foreach (var id in (body.NetworkingConfig?.EndpointsConfig?.Keys.AsEnumerable() ?? []).Append(body.HostConfig!.NetworkMode ?? ""))
        {
            Check(context.FindById(ObjectKind.Network, id), context.Query.Get("name") ?? "", body.Hostname ?? "", context);
        }
    });

    /// <summary>Runs when the container's name has become its id.</summary>
    public static Check<NetworkConnectBody> OfConnect { get; } = new("shared-names", "networks", ["Container"], (body, context) =>
    {
        if (context.FindById(ObjectKind.Container, body.Container ?? "") is { } container)
        {
            var hostname = Json.String(Json.Member(container.Raw, "Config"), "Hostname") ?? "";
            Check(context.Find(ObjectKind.Network, context.Request.Name!), container.Name, container.Id.StartsWith(hostname, StringComparison.Ordinal) ? "" : hostname, context);
        }
    });

    /// <summary>A new name counts on all networks that the container is on.</summary>
    public static void CheckRename(CheckContext context)
    {
        if (!context.Unlimited && context.Find(ObjectKind.Container, context.Request.Name!) is { } container)
        {
            foreach (var reference in StoredReferences.Of(container).Where(reference => reference.Kind == ObjectKind.Network))
            {
                Check(context.Find(ObjectKind.Network, reference.Name), context.Query.Get("name") ?? "", "", context);
            }
        }
    }

    private static void Check(EngineObject? network, string name, string hostname, CheckContext context)
    {
        if (network is null || network.Owner == context.User || BuiltIn.Contains(network.Name))
        {
            return;
        }

        var called = name.TrimStart('/');
        if (hostname.Length > 0 && hostname != called)
        {
            context.Refuse("Hostname", $"host name \"{CheckContext.Shown(hostname)}\" would answer for others on network \"{network.Name}\", which users share; leave it out, or join own networks");
        }
        else if (called.Contains('.', StringComparison.Ordinal))
        {
            context.Refuse("name", $"container name \"{CheckContext.Shown(called)}\" would answer for a domain on network \"{network.Name}\", which users share; choose one without a dot");
        }
    }
}
