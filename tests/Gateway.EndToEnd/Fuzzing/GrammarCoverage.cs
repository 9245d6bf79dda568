using System.Collections.Concurrent;
using System.Globalization;
using System.Text;
using System.Text.Json;
using Gateway.EngineApi;
using Gateway.EngineApi.Documents;
using Gateway.EngineApi.Query;

namespace Gateway.EndToEnd.Fuzzing;

/// <summary>How often each operation of the catalogues, each of its query parameters and each field of its body was sent, and how often it was let through.</summary>
internal sealed class GrammarCoverage
{
    private readonly ConcurrentDictionary<string, (int Sent, int Through)> counts = new();

    /// <summary>All that the catalogues have: <c>ImageTag</c>, <c>ImageTag?repo</c>, <c>ContainerCreate HostConfig.Binds</c>.</summary>
    public static IReadOnlyList<string> Catalogued { get; } = [.. OperationCatalogue.All.SelectMany(Of).Distinct()];

    public static IEnumerable<string> Of(EngineOperation operation) =>
    [
        operation.Name,
        .. QueryCatalogue.Of(operation).Select(parameter => $"{operation.Name}?{parameter.Name}"),
        .. BodyCatalogue.All.TryGetValue(operation.Name, out var body) ? DocumentGrammar.Paths(body.Document).Select(path => $"{operation.Name} {path}") : [],
    ];

    public void Count(EngineOperation operation, string bytes, bool through)
    {
        foreach (var part in Parts(operation, bytes).Distinct())
        {
            counts.AddOrUpdate(part, (1, through ? 1 : 0), (_, old) => (old.Sent + 1, old.Through + (through ? 1 : 0)));
        }
    }

    /// <summary>A few lines for people: per kind how many were sent and let through, and what never was.</summary>
    public string Summary()
    {
        var text = new StringBuilder();
        foreach (var (kind, all) in new[] { ("operations", Catalogued.Where(p => !p.Contains('?', StringComparison.Ordinal) && !p.Contains(' ', StringComparison.Ordinal))), ("parameters", Catalogued.Where(p => p.Contains('?', StringComparison.Ordinal))), ("fields", Catalogued.Where(p => p.Contains(' ', StringComparison.Ordinal))) })
        {
            var parts = all.ToList();
            var open = parts.Where(part => !OperationCatalogue.Get(part.Split('?', ' ')[0]).RootEquivalentOnly).ToList();
            var (sent, through) = (parts.Count(part => counts.GetValueOrDefault(part).Sent > 0), parts.Count(part => counts.GetValueOrDefault(part).Through > 0));
            text.Append(CultureInfo.InvariantCulture, $"{kind}: {parts.Count} catalogued, {sent} sent, {through} let through; of the {open.Count} that are not for root-equivalent roles alone never sent: {List(open.Where(part => counts.GetValueOrDefault(part).Sent == 0))}; never let through: {List(open.Where(part => counts.GetValueOrDefault(part) is { Sent: > 0, Through: 0 }))}\n");
        }

        return text.ToString();
    }

    /// <summary>Each part with its two counts, a line each.</summary>
    public IEnumerable<string> Lines() => Catalogued.Select(part => $"{counts.GetValueOrDefault(part).Sent}\t{counts.GetValueOrDefault(part).Through}\t{part}");

    /// <summary>What of an operation a request has, however it is written.</summary>
    public static IEnumerable<string> Parts(EngineOperation operation, string bytes)
    {
        yield return operation.Name;
        var head = bytes.IndexOf("\r\n\r\n", StringComparison.Ordinal);
        var target = bytes.Split(' ', 3) is [_, var second, ..] ? second : "";
        var names = QueryCatalogue.Of(operation).Select(parameter => parameter.Name).ToHashSet(StringComparer.Ordinal);
        foreach (var name in target.Split('?', 2) is [_, var query] ? query.Split('&', ';').Select(pair => Uri.UnescapeDataString(pair.Split('=')[0])) : [])
        {
            if (names.Contains(name))
            {
                yield return $"{operation.Name}?{name}";
            }
        }

        if (head < 0 || !BodyCatalogue.All.TryGetValue(operation.Name, out var body))
        {
            yield break;
        }

        foreach (var path in Paths(bytes[(head + 4)..], DocumentShape.Of(body.Document)))
        {
            yield return $"{operation.Name} {path}";
        }
    }

    private static List<string> Paths(string body, DocumentShape shape)
    {
        List<string> paths = [];
        try
        {
            using var document = JsonDocument.Parse(Encoding.Latin1.GetBytes(body));
            Walk(document.RootElement, shape, "", paths);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            // A body that is broken, or in chunks, counts for none of its fields.
        }

        return paths;
    }

    private static void Walk(JsonElement element, DocumentShape shape, string path, List<string> paths)
    {
        switch (shape.Kind)
        {
            case ValueKind.Structure when element.ValueKind == JsonValueKind.Object:
                foreach (var member in element.EnumerateObject())
                {
                    if (shape.Fields.GetValueOrDefault(FieldName.Fold(member.Name)) is { } field)
                    {
                        var below = path.Length == 0 ? field.Name : $"{path}.{field.Name}";
                        paths.Add(below);
                        Walk(member.Value, field.Shape, below, paths);
                    }
                }

                break;
            case ValueKind.List when element.ValueKind == JsonValueKind.Array:
                foreach (var entry in element.EnumerateArray())
                {
                    Walk(entry, shape.Entry!, path + "[]", paths);
                }

                break;
            case ValueKind.Map when element.ValueKind == JsonValueKind.Object:
                foreach (var entry in element.EnumerateObject())
                {
                    Walk(entry.Value, shape.Entry!, path + "{}", paths);
                }

                break;
        }
    }

    private static string List(IEnumerable<string> parts) => parts.ToList() is { Count: > 0 } some ? $"{some.Count} ({string.Join(", ", some.Take(12))}{(some.Count > 12 ? ", …" : "")})" : "none";
}
