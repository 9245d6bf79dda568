using Gateway.EngineApi;
using Gateway.Objects;

namespace Gateway.Policy;

/// <summary>
/// Which of a container's mounts lead to folders of the host: binds, and volumes that were made with options, as an administrator makes
/// one of a folder for a user (threats, rules B5 and B8). A plain volume lies where no account of the host comes.
/// </summary>
internal static class HostMounts
{
    /// <summary>True where the container can write to the host's files; also for a volume that nobody looked at.</summary>
    public static bool Writes(EngineObject container, RequestFacts facts) =>
        Json.Items(Json.Member(container.Raw, "Mounts")).Any(mount => Json.True(mount, "RW") && Json.String(mount, "Type") switch
        {
            "bind" => true,
            "volume" => facts.Find(ObjectKind.Volume, Json.String(mount, "Name") ?? "") is not { } volume || HasOptions(volume),
            _ => false,
        });

    /// <summary>True for a volume that its driver's options make of something else.</summary>
    public static bool HasOptions(EngineObject volume) => Json.Members(Json.Member(volume.Raw, "Options")).Any();
}
