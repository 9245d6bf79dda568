using Gateway.EngineApi;
using Gateway.EngineApi.Documents;
using Gateway.Objects;

namespace Gateway.Policy.Checks;

/// <summary>
/// Networks that a container joins (grant <c>networks</c>), by NetworkMode or endpoint: own ones or granted ones, each once,
/// forwarded by full id; the host's network is a namespace of the host (threats §3.2, §4.2; I19, I36).
/// </summary>
internal static class NetworkCheck
{
    private const string Endpoints = "NetworkingConfig.EndpointsConfig";
    private static readonly string[] BuiltIn = ["default", "bridge", "none", "host"];

    public static Check<ContainerCreateBody> OfCreate { get; } = new(
        "networks", "networks", ["HostConfig.NetworkMode", Endpoints], Check)
    { ForEveryone = true };

    public static Check<NoBody> OfBuild { get; } = new("networks", "networks", ["?networkmode"], (_, context) =>
    {
        // What is not said is the bridge, for a build's steps as for a container.
        var mode = context.Query.Get("networkmode") is { Length: > 0 } said ? said : "default";
        context.Query = context.Query.With("networkmode", Mode(mode, "networkmode", context));
    })
    { ForEveryone = true };

    /// <summary>What to forward for a network: its id, or the name of a built-in one; null after a refusal.</summary>
    public static string? Join(string name, string field, CheckContext context)
    {
        if (BuiltIn.Contains(name))
        {
            var granted = name == "host" ? context.Grants.HostNamespaces.Contains("network") : context.Grants.Networks.Contains(name == "default" ? "bridge" : name);
            if (!granted && !context.Unlimited)
            {
                if (name == "host")
                {
                    context.NoGrant(field, "the host's network namespace:", name, context.Grants.HostNamespaces, "host-namespaces");
                }
                else
                {
                    context.NoGrant(field, "network", name, context.Grants.Networks);
                }

                return null;
            }

            return name;
        }

        if (context.Find(ObjectKind.Network, name) is not { } network || !MayJoin(network, context))
        {
            context.NotFound(ObjectKind.Network, name);
            return null;
        }

        return network.Name is "bridge" or "none" or "host" ? Join(network.Name, field, context) : network.Id;
    }

    /// <summary>Own networks under <c>own</c>, an administrator's under their name, the built-in ones under theirs.</summary>
    public static bool MayJoin(EngineObject network, CheckContext context) => MayJoin(network, context.User, context);

    /// <summary>A network that another user owns is never an administrator's, whatever its name.</summary>
    /// <param name="owner">Of the container that joins.</param>
    public static bool MayJoin(EngineObject network, string? owner, CheckContext context) =>
        context.AllObjects || context.Unlimited
        || (network.Owner is not null && network.Owner == owner && context.Grants.Networks.Contains("own"))
        || (network.Name != "own" && context.Grants.Networks.Contains(network.Name) && context.MayBeShared(network))
        || (network is { Name: "host", Owner: null } && context.Grants.HostNamespaces.Contains("network"));

    private static void Check(ContainerCreateBody body, CheckContext context)
    {
        var host = body.HostConfig!;
        host.NetworkMode = Mode(string.IsNullOrEmpty(host.NetworkMode) ? "default" : host.NetworkMode, "HostConfig.NetworkMode", context);
        if (body.NetworkingConfig?.EndpointsConfig is not { } endpoints)
        {
            return;
        }

        var written = new Dictionary<string, EndpointSettings?>(StringComparer.Ordinal);
        var joined = new HashSet<string>(StringComparer.Ordinal);
        foreach (var (name, settings) in endpoints)
        {
            if (Join(name, Endpoints, context) is not { } id)
            {
                continue;
            }

            // The engine's "default" is its bridge: two names for one network say two things.
            if (!joined.Add(id == "default" ? "bridge" : id))
            {
                context.Malformed(Endpoints, $"network \"{CheckContext.Shown(name)}\" is named twice");
            }
            else if (!context.Unlimited && id is "host" or "none" && id != host.NetworkMode)
            {
                context.Malformed(Endpoints, $"\"{id}\" is a mode, not a network to join beside another");
            }
            else
            {
                written[id] = EndpointCheck.Checked(settings ?? new EndpointSettings(), name, id, Endpoints, context);
            }
        }

        body.NetworkingConfig.EndpointsConfig = written;
    }

    private static string Mode(string mode, string field, CheckContext context) =>
        mode.StartsWith("container:", StringComparison.Ordinal)
            ? NamespaceCheck.Join(mode, "NetworkMode", "network", field, context)
            : Join(mode, field, context) ?? mode;
}
