using Gateway.EngineApi;
using Gateway.Objects;

namespace Gateway.Policy.Checks;

/// <summary>
/// A container keeps the names of its networks and joins by them when it starts. So no network takes a name that another
/// owner's container keeps, and none goes while a stopped container still keeps it (threats §4.2; I45).
/// </summary>
internal static class NetworkUsersCheck
{
    public static void CheckName(string name, CheckContext context)
    {
        if (!context.Unlimited && context.Facts.NetworkUsers.Any(container => container.Owner != context.User && Keeps(container, name, null)))
        {
            context.Conflict("Name", TakenName.Message(ObjectKind.Network, name));
        }
    }

    public static void CheckUnused(CheckContext context)
    {
        if (context.Unlimited || context.Find(ObjectKind.Network, context.Request.Name!) is not { } network)
        {
            return;
        }

        var stopped = context.Facts.NetworkUsers.Where(container => Json.String(container.Raw, "State") is not ("running" or "paused" or "restarting") && Keeps(container, network.Name, network.Id)).ToList();
        if (stopped.Count > 0)
        {
            var own = stopped.Where(context.Owns).Select(container => container.Name).ToList();
            context.Conflict("id", $"network {context.Request.Name} is still named by stopped containers{(own.Count == 0 ? "" : $" ({string.Join(", ", own)})")}; remove them, or disconnect them with docker network disconnect");
        }
    }

    private static bool Keeps(EngineObject container, string name, string? id) =>
        Json.Members(Json.Member(Json.Member(container.Raw, "NetworkSettings"), "Networks"))
            .Any(endpoint => endpoint.Name == name || (id is not null && (endpoint.Name == id || Json.String(endpoint.Value, "NetworkID") == id)))
        || Json.String(Json.Member(container.Raw, "HostConfig"), "NetworkMode") is { } mode && (mode == name || mode == id);
}
