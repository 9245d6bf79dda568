namespace Gateway.EndToEnd.Fuzzing;

/// <summary>What a request can call: objects of the caller's own, of another user's, of nobody's, and spellings that may be taken for them.</summary>
/// <param name="User">Who asks, and whose name is in the names of own images.</param>
/// <param name="Own">By kind: container, volume, network, image, exec.</param>
/// <param name="Others">Likewise; a name, a full id or a part of one.</param>
internal sealed record Names(string User, IReadOnlyDictionary<string, IReadOnlyList<string>> Own, IReadOnlyDictionary<string, IReadOnlyList<string>> Others)
{
    public static IReadOnlyList<string> Kinds { get; } = ["container", "volume", "network", "image", "exec"];

    private static readonly string[] Odd = ["", ".", "..", "/", "host", "none", "bridge", "default", "no-such-thing", "a", "f", "0", "%00", "%2e%2e", "x%2fy", "a b", "ünï", "container:", "busybox", "busybox:latest", "library/busybox", "docker.io/library/busybox", "sha256:", "{}", "json", "create", "prune"];

    /// <summary>Names that stand for nothing, for a grammar that is only counted.</summary>
    public static Names OfNothing { get; } = new(
        "alice",
        Kinds.ToDictionary(kind => kind, IReadOnlyList<string> (kind) => [$"own-{kind}", new string('1', 64)]),
        Kinds.ToDictionary(kind => kind, IReadOnlyList<string> (kind) => [$"bobs-{kind}", new string('2', 64), new string('2', 12)]));

    public string Any(Dice dice, string kind) => dice.Below(20) switch
    {
        < 12 => dice.Of(Own[kind]),
        < 18 => dice.Of(Others[kind]),
        18 => dice.Of(Odd),
        _ => Bent(dice, dice.Of(Others[kind])),
    };

    public string AnyKind(Dice dice) => Any(dice, dice.Of((string[])["container", "volume", "network", "image"]));

    private static string Bent(Dice dice, string name) => dice.Below(6) switch
    {
        0 => name.ToUpperInvariant(),
        1 => "/" + name,
        2 => name[..Math.Max(1, name.Length / 2)],
        3 => name + "/",
        4 => $"%{(int)name[0]:x2}{name[1..]}",
        _ => name + " ",
    };
}
