using Gateway.EngineApi;
using Gateway.EngineApi.Documents;

namespace Gateway.Policy.Checks;

/// <summary>
/// A commit is of an own container. Its <c>changes</c> are lines of a Dockerfile that win over the body: only instructions that cannot
/// set labels or others' build steps, each on one line that nothing continues (threats §3.4, I41).
/// </summary>
internal static class CommitCheck
{
    private static readonly string[] Harmless = ["CMD", "ENTRYPOINT", "ENV", "EXPOSE", "USER", "VOLUME", "WORKDIR", "STOPSIGNAL"];

    public static Check<ContainerConfig> Container { get; } = new("commit-container", null, ["?container"], (_, context) =>
        context.Query = context.OwnId(ObjectKind.Container, context.Query.Get("container") ?? "") is { } id ? context.Query.With("container", id) : context.Query)
    { ForEveryone = true };

    public static Check<ContainerConfig> Changes { get; } = new("changes", null, ["?changes"], (_, context) =>
    {
        if (context.Query.GetAll("changes").FirstOrDefault(change => !IsHarmless(change)) is { } change)
        {
            context.Refuse("changes", $"a commit's changes are {string.Join(", ", Harmless)}, each on one line; this one is not: {Instruction(change)}");
        }
    });

    /// <summary>A commit's image and folders decide nothing at the engine, and are kept out.</summary>
    public static Check<ContainerConfig> Image { get; } = new("commit-image", null, ["Image"], (body, _) => body.Image = null);

    /// <summary>The instruction's word and nothing behind it, which may be a secret (I63).</summary>
    public static string Instruction(string change) => string.Concat(change.TrimStart().TakeWhile(char.IsAsciiLetter));

    private static bool IsHarmless(string change) =>
        !change.AsSpan().ContainsAny('\\', '<', '`') && !change.Any(c => char.IsControl(c)) && Harmless.Contains(change.TrimStart(' ').Split(' ')[0].ToUpperInvariant());
}
