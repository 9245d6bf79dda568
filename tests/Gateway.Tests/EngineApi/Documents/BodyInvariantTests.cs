using System.Text;
using Gateway.EngineApi;
using Gateway.EngineApi.Documents;
using Xunit;

namespace Gateway.Tests.EngineApi.Documents;

/// <summary>What holds of every JSON body that an engine reads, at each depth of each of its documents (threats §2.5).</summary>
public sealed class BodyInvariantTests
{
    public static TheoryData<string> Operations => [.. BodyCatalogue.All.Keys];

    [Theory]
    [MemberData(nameof(Operations))]
    public void I11_RefusesNamesThatReadAsOne(string operation)
    {
        foreach (var (before, shape, after) in Structures(DocumentShape.Of(BodyCatalogue.All[operation].Document)))
        {
            foreach (var name in shape.Fields.Values.Select(field => field.Name))
            {
                foreach (var second in new[] { name, name.ToLowerInvariant(), name.ToUpperInvariant(), name.Replace('s', '\u017F').Replace('k', '\u212A').Replace('S', '\u017F').Replace('K', '\u212A') })
                {
                    Refuses(operation, $"{before}{{\"{name}\":null,\"{second}\":null}}{after}", second);
                }
            }
        }
    }

    [Theory]
    [MemberData(nameof(Operations))]
    public void I12_RefusesAnUnknownFieldAtAnyDepth(string operation)
    {
        foreach (var (before, shape, after) in Structures(DocumentShape.Of(BodyCatalogue.All[operation].Document)))
        {
            foreach (var value in new[] { "1", "\"x\"", "{}", "[]" })
            {
                Refuses(operation, $"{before}{{\"Frobnicate\":{value}}}{after}", "Frobnicate");
            }

            // A null there is what Python's client writes for a network that HostConfig.NetworkMode names; it is not forwarded.
            if (shape.Type != typeof(NetworkingConfig))
            {
                Refuses(operation, $"{before}{{\"Frobnicate\":null}}{after}", "Frobnicate");
            }
        }
    }

    [Theory]
    [MemberData(nameof(Operations))]
    public void I13_RefusesWhatFollowsTheValue(string operation)
    {
        var whole = DocumentShape.Of(BodyCatalogue.All[operation].Document).Kind == ValueKind.List ? "[]" : "{}";
        BodyCatalogue.All[operation].Read(Encoding.UTF8.GetBytes(whole + " \r\n\t"));
        foreach (var rest in new[] { "]", "}", "{}", "[]", "null", "1", ",", "x", "\0", "/**/", "//", "\u00A0" })
        {
            Refuses(operation, whole + rest, null);
        }
    }

    /// <summary>Every structure of a document, with the JSON that leads to it and back.</summary>
    private static IEnumerable<(string Before, DocumentShape Shape, string After)> Structures(DocumentShape shape)
    {
        switch (shape.Kind)
        {
            case ValueKind.List or ValueKind.Map:
                var (open, close) = shape.Kind == ValueKind.List ? ("[", "]") : ("{\"x\":", "}");
                return Structures(shape.Entry!).Select(inner => (open + inner.Before, inner.Shape, inner.After + close));
            case ValueKind.Structure:
                return shape.Fields.Values.SelectMany(field => Structures(field.Shape).Select(inner => ($"{{\"{field.Name}\":{inner.Before}", inner.Shape, inner.After + "}"))).Prepend(("", shape, ""));
            default:
                return [];
        }
    }

    private static void Refuses(string operation, string json, string? field)
    {
        var refusal = Record.Exception(() => BodyCatalogue.All[operation].Read(Encoding.UTF8.GetBytes(json)));
        Assert.True(refusal is RequestRefusedException { Status: 400 } refused && (field is null || refused.Field!.Split('.')[^1] == field), $"{json}: {refusal?.Message ?? "was read"}");
    }
}
