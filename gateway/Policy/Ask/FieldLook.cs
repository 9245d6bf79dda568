using System.Text.Json;
using Gateway.EngineApi;
using Gateway.EngineApi.Documents;
using Gateway.Policy.Checks;

namespace Gateway.Policy.Ask;

/// <summary>
/// One request field by field: each check of its operation in the order in which they run, with what of the request it reads, and
/// what it refuses. Values of secrets are not shown.
/// </summary>
internal static class FieldLook
{
    private const int MostShown = 60;

    /// <summary>Values that say nothing: what clients send for everything that was not asked for.</summary>
    private static readonly string[] Zero = ["\"\"", "0", "false", "null", "[]", "{}", "[0,0]"];

    /// <param name="refusedBy">The ids of the checks that refused something.</param>
    public static IEnumerable<string> Of(EngineRequest request, ReadOnlyMemory<byte> body, IReadOnlyList<string?> refusedBy)
    {
        if (CheckCatalogue.For(request.Operation!) is not { } checks)
        {
            yield break;
        }

        using var document = body.IsEmpty ? null : JsonDocument.Parse(body);
        var root = document?.RootElement ?? default;
        foreach (var check in checks.Checks)
        {
            var said = check.Reads.Select(field => (Field: field, Value: Value(request, root, field))).Where(read => read.Value is not null).ToList();
            if (said.Count > 0 || refusedBy.Contains(check.Id))
            {
                yield return $"check {check.Id}{(check.Grant is null ? "" : $" (grant {check.Grant})")}: {(refusedBy.Contains(check.Id) ? "REFUSED " : "")}{string.Join(", ", said.Select(read => $"{read.Field} {read.Value}"))}".TrimEnd();
            }
        }

        var harmless = checks.Harmless.Where(field => Value(request, root, field.Path) is not null).Select(field => field.Path).ToList();
        if (harmless.Count > 0)
        {
            yield return $"not judged, harmless: {string.Join(", ", harmless)}";
        }
    }

    private static string? Value(EngineRequest request, JsonElement root, string field)
    {
        var value = field.StartsWith('?') ? request.Query.Has(field[1..]) ? string.Join(", ", request.Query.GetAll(field[1..])) : null : string.Join(", ", Find(root, field.Split('.')).Select(found => found.GetRawText()).Where(text => !Zero.Contains(text)).Distinct());
        return string.IsNullOrEmpty(value) ? null : SecretFields.Holds(field) ? "(not shown)" : value.Length > MostShown ? AnswerText.Shown(value[..MostShown]) + "…" : AnswerText.Shown(value);
    }

    /// <summary>The values at a path: names without case, through lists.</summary>
    private static IEnumerable<JsonElement> Find(JsonElement at, ReadOnlySpan<string> path) => path.IsEmpty ? at.ValueKind is JsonValueKind.Null or JsonValueKind.Undefined ? [] : [at] : Step(at, path[0], path[1..].ToArray());

    private static IEnumerable<JsonElement> Step(JsonElement at, string name, string[] rest)
    {
        switch (at.ValueKind)
        {
            case JsonValueKind.Array:
                return at.EnumerateArray().SelectMany(item => Step(item, name, rest));
            case JsonValueKind.Object:
                return at.EnumerateObject().Where(member => FieldName.Fold(member.Name) == FieldName.Fold(name)).SelectMany(member => Find(member.Value, rest));
            default:
                return [];
        }
    }
}
