namespace Gateway.EndToEnd.Fuzzing;

/// <summary>What of an object an answer can show.</summary>
[Flags]
internal enum Sight
{
    /// <summary>What nobody may see through the engine.</summary>
    Nothing = 0,

    /// <summary>Name, id, labels, addresses.</summary>
    Container = 1,

    Command = 2,

    Environment = 4,

    Log = 8,

    Exec = 16,

    Network = 32,

    Volume = 64,

    Image = 128,

    /// <summary>What is in a container's files or volumes.</summary>
    File = 256,

    /// <summary>What an image passes on to those that are made from it.</summary>
    ImageLabel = 512,
}

/// <summary>Text that stands in exactly one user's objects, so that an answer that holds it shows something of them.</summary>
/// <param name="Owner">Who may see it in any case.</param>
internal sealed record Canary(string Text, Sight Sight, string Owner, string What)
{
    private const int ShortId = 12;

    /// <summary>A request that holds it said it itself; of an id that is the short form.</summary>
    public string Part => Text.Length == 64 ? Text[..ShortId] : Text;

    // Whose rules of an operation are about all objects sees this of them.
    private static readonly (string Operation, Sight Sight)[] Shown =
    [
        ("ContainerList", Sight.Container | Sight.Command | Sight.Network | Sight.Volume | Sight.Image),
        ("ContainerInspect", Sight.Container | Sight.Command | Sight.Environment | Sight.Exec | Sight.Network | Sight.Volume | Sight.Image),
        ("ContainerStats", Sight.Container), ("ContainerTop", Sight.Command), ("ContainerLogs", Sight.Log), ("ExecInspect", Sight.Exec | Sight.Container | Sight.Command),
        ("NetworkList", Sight.Network), ("NetworkInspect", Sight.Network), ("VolumeList", Sight.Volume), ("VolumeInspect", Sight.Volume),
        ("SystemEvents", Sight.Container | Sight.Command | Sight.Exec | Sight.Network | Sight.Volume | Sight.Image),
        ("SystemDataUsage", Sight.Container | Sight.Command | Sight.Network | Sight.Volume | Sight.Image),
    ];

    /// <summary>What a role shows of others' objects. A build may be from any image (policies/README.md), and has its labels then.</summary>
    public static Sight Of(FuzzRole role) => Shown.Where(shown => role.Allows(Whose.Others, shown.Operation)).Aggregate(
        (role.List("images", "").Contains("*") ? Sight.Image | Sight.ImageLabel : Sight.Nothing) | (role.Allows(Whose.Own, "ImageBuild") ? Sight.ImageLabel : Sight.Nothing), (all, shown) => all | shown.Sight);
}
