using Gateway.EngineApi;
using Gateway.EngineApi.Documents;

namespace Gateway.Policy.Checks;

/// <summary>
/// Names that a caller gives to containers, volumes and networks: the engine's own charset, and nothing that reads like an id,
/// since a name answers for the id that begins with it (threats §4.1, I37). A network is not called like a built-in one.
/// </summary>
internal static class NameCheck
{
    private static readonly string[] ReservedNetworks = ["bridge", "host", "none", "default", "ingress", "own"];

    public static Check<ContainerCreateBody> OfCreate { get; } = new("container-name", null, ["?name"], (_, context) =>
        Check(Stripped(context.Query.Get("name")), "name", mayBeEmpty: true, context));

    public static Check<NoBody> OfRename { get; } = new("new-container-name", null, ["?name"], (_, context) =>
        Check(Stripped(context.Query.Get("name")), "name", mayBeEmpty: false, context))
    { ForEveryone = true };

    public static Check<VolumeCreateBody> OfVolume { get; } = new("volume-name", null, ["Name"], CheckVolume) { ForEveryone = true };

    public static Check<NetworkCreateBody> OfNetwork { get; } = new("network-name", null, ["Name", "CheckDuplicate"], CheckNetwork) { ForEveryone = true };

    private static void CheckVolume(VolumeCreateBody body, CheckContext context)
    {
        Check(body.Name, "Name", mayBeEmpty: true, context);
        if (body.Name is { } given && FolderVolume.IsName(given) && !context.Unlimited)
        {
            context.Refuse("Name", $"volumes whose names begin with \"{FolderVolume.Prefix}\" are the gateway's own");
        }

        if (body.Name is { Length: > 0 } name && context.Find(ObjectKind.Volume, name) is { } found && !context.Owns(found))
        {
            context.Conflict("Name", TakenName.Message(ObjectKind.Volume, CheckContext.Shown(name)));
        }
    }

    private static void CheckNetwork(NetworkCreateBody body, CheckContext context)
    {
        // Without it an older engine gives two networks one name.
        body.CheckDuplicate = true;
        Check(body.Name, "Name", mayBeEmpty: false, context);
        if (!context.Unlimited && ReservedNetworks.Contains(body.Name, StringComparer.OrdinalIgnoreCase))
        {
            context.Refuse("Name", $"\"{body.Name}\" is a reserved network name");
        }
    }

    private static void Check(string? name, string field, bool mayBeEmpty, CheckContext context)
    {
        if (string.IsNullOrEmpty(name))
        {
            if (!mayBeEmpty)
            {
                context.Malformed(field, "a name is missing");
            }
        }
        else if (!ObjectName.IsValid(name) || (ObjectName.LooksLikeId(name) && !context.Unlimited))
        {
            context.Malformed(field, $"\"{CheckContext.Shown(name)}\" is not a name, or reads like an id; use letters, digits, \"_\", \".\" and \"-\"");
        }
    }

    // The engine takes a container's name with the slash that it shows it with.
    private static string? Stripped(string? name) => name is ['/', .. var rest] ? rest : name;
}
