using System.Text.Json;
using System.Text.Json.Nodes;

namespace Gateway.Narrowing;

/// <summary>What becomes of an operation's answer before a caller sees it who may not see everything. Closed: one of those below.</summary>
internal abstract record AnswerRule
{
    /// <summary>Passed on as it is.</summary>
    /// <param name="Reason">Why nothing in it is another's.</param>
    internal sealed record AsItIs(string Reason) : AnswerRule;

    /// <summary>A list, cut down element by element.</summary>
    internal sealed record Elements(Func<JsonElement, Viewer, JsonNode?> Keep) : AnswerRule;

    /// <summary>An object of lists, each cut down element by element.</summary>
    /// <param name="Keep">By the name of the list; others are left out.</param>
    /// <param name="Finish">Makes the answer of what was kept.</param>
    internal sealed record Lists(IReadOnlyDictionary<string, Func<JsonElement, Viewer, JsonNode?>> Keep, Func<JsonObject, JsonObject> Finish) : AnswerRule;

    /// <summary>Read whole and written anew.</summary>
    internal sealed record Whole(Func<byte[], Viewer, byte[]> Rewrite) : AnswerRule;

    /// <summary>As Whole, but the engine has to be asked what is the caller's.</summary>
    internal sealed record Looked(AnswerLook Look) : AnswerRule;

    /// <summary>A stream of JSON lines in which errors may name others' objects.</summary>
    internal sealed record ErrorsInLines : AnswerRule;

    /// <summary>A stream of events, each judged as it comes.</summary>
    internal sealed record Events : AnswerRule;
}

/// <summary>What has to be asked before an answer can be narrowed.</summary>
internal enum AnswerLook
{
    /// <summary>The caller's containers and visible images: how many.</summary>
    Counts,

    /// <summary>The caller's containers: which of those on a network.</summary>
    Containers,

    /// <summary>The owner in the answer to a create: a volume of that name may have been another's.</summary>
    OwnerOfVolume,
}
