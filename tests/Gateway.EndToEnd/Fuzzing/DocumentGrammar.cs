using System.Collections.Concurrent;
using System.Text.Encodings.Web;
using System.Text.Json;
using Gateway.EngineApi.Documents;

namespace Gateway.EndToEnd.Fuzzing;

/// <summary>
/// Bodies made from the types that the gateway reads them with, so that a field that is added there is asked for here: some fields are
/// chosen from all of the document's, and what has to stand beside them for an engine to take them is filled in.
/// </summary>
internal static class DocumentGrammar
{
    private const int Deepest = 7;

    // Placeholders stay as they are.
    private static readonly JsonSerializerOptions Plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private static readonly ConcurrentDictionary<Type, IReadOnlyList<string>> Known = new();

    /// <summary>Every field of a document by its path, <c>HostConfig.Mounts[].Source</c>; the entries of a list are <c>[]</c>, those of a map <c>{}</c>.</summary>
    public static IReadOnlyList<string> Paths(Type document) => [.. Of(DocumentShape.Of(document), "", 0)];

    /// <param name="member">Writes a member from its name and value.</param>
    public static string Document(Dice dice, Type document, int most, Func<string, string, string> member)
    {
        var paths = Known.GetOrAdd(document, Paths);
        var chosen = paths.Count == 0 ? [] : Enumerable.Range(0, 1 + dice.Below(most)).Select(_ => Steps(dice.Of(paths))).ToList();
        return Write(dice, DocumentShape.Of(document), "", chosen, member, document.Name);
    }

    // A document that is a list has no field at its root.
    private static string[] Steps(string path) => [.. path.Split('.').SkipWhile(step => step == "[]")];

    private static IEnumerable<string> Of(DocumentShape shape, string path, int depth) => shape.Kind switch
    {
        _ when depth > Deepest => [],
        ValueKind.Structure => shape.Fields.Values.OrderBy(f => f.Index).SelectMany(f => Of(f.Shape, path.Length == 0 ? f.Name : $"{path}.{f.Name}", depth + 1).Prepend(path.Length == 0 ? f.Name : $"{path}.{f.Name}")).Distinct(),
        ValueKind.List => Of(shape.Entry!, path + "[]", depth + 1),
        ValueKind.Map => Of(shape.Entry!, path + "{}", depth + 1),
        _ => [],
    };

    private static string Write(Dice dice, DocumentShape shape, string name, List<string[]> chosen, Func<string, string, string> member, string place)
    {
        switch (shape.Kind)
        {
            case ValueKind.Structure:
                return Structure(dice, shape, chosen, member, place);
            case ValueKind.List:
                return chosen.Count == 0 && FieldValues.Lists(name) is { } lists ? dice.Of(lists)
                    : $"[{string.Join(',', Enumerable.Range(0, dice.OneIn(12) ? 2 : dice.OneIn(30) ? 0 : 1).Select(_ => Write(dice, shape.Entry!, name, chosen, member, name + "[]")))}]";
            case ValueKind.Map:
                return chosen.Count == 0 && FieldValues.Maps(name) is { } maps ? dice.Of(maps)
                    : $"{{{string.Join(',', Enumerable.Range(0, dice.OneIn(12) ? 2 : 1).Select(_ => $"{Quoted(FieldValues.Key(dice, name))}:{Write(dice, shape.Entry!, name, chosen, member, name + "{}")}"))}}}";
            case ValueKind.TextOrList:
                return dice.OneIn(6) ? Text(dice, name) : $"[{Text(dice, name)}]";
            case ValueKind.Boolean:
                return dice.OneIn(3) ? "false" : "true";
            case ValueKind.Integer or ValueKind.Unsigned or ValueKind.Decimal:
                return FieldValues.Number(dice, name);
            case ValueKind.Bytes:
                return dice.Of((string[])["\"\"", "\"YQ==\"", "\"e30=\"", "\"%%\""]);
            default:
                return Text(dice, name);
        }
    }

    private static string Structure(Dice dice, DocumentShape shape, List<string[]> chosen, Func<string, string, string> member, string place)
    {
        var members = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var (name, value) in dice.OneIn(12) ? [] : FieldValues.Beside(dice, place))
        {
            members[name] = value;
        }

        foreach (var group in chosen.Where(way => way.Length > 0).GroupBy(way => way[0].TrimEnd('[', ']', '{', '}')))
        {
            if (shape.Fields.GetValueOrDefault(group.Key) is { } field)
            {
                members[field.Name] = Write(dice, field.Shape, field.Name, [.. group.Select(way => way[1..]).Where(way => way.Length > 0)], member, field.Name);
            }
        }

        return $"{{{string.Join(',', members.Select(m => member(m.Key, m.Value)))}}}";
    }

    private static string Text(Dice dice, string name) => Quoted(FieldValues.Text(dice, name));

    private static string Quoted(string text) => JsonSerializer.Serialize(text, Plain);
}
