using System.Runtime.CompilerServices;
using Gateway.EngineApi.Documents;
using Xunit;

namespace Gateway.Tests.EngineApi.Documents;

/// <summary>
/// The documents against the list of the engine's own types, kept beside this file: each field of moby's api/types up to API 1.55
/// and of the older types that its engines still read, by its exact JSON name and Go's kind and width.
/// </summary>
public class EngineDocumentsTests
{
    private static readonly Dictionary<string, DocumentShape> Shapes = Reachable();

    [Fact]
    public void HaveEveryFieldOfTheEnginesTypesAndNoOther()
    {
        foreach (var document in Rows().GroupBy(row => row[0]))
        {
            Assert.Equal(
                (document.Key, string.Join(' ', document.Select(row => row[1]).Order(StringComparer.Ordinal))),
                (document.Key, string.Join(' ', Shapes[document.Key].Fields.Values.Select(field => field.Name).Order(StringComparer.Ordinal))));
        }
    }

    [Fact]
    public void GiveEveryFieldTheEnginesKindAndWidth() =>
        Assert.All(Rows(), row => Assert.Equal((row[0], row[1], row[2]), (row[0], row[1], Kind(Shapes[row[0]].Fields[row[1]].Shape))));

    [Fact]
    public void AreAllOnTheList() =>
        Assert.Empty(Shapes.Keys.Except(Rows().Select(row => row[0])).Except(
            [nameof(ContainerCreateBody), nameof(ContainerCopyBody), nameof(EmptyObject), nameof(BuildOutput)]));

    private static string Kind(DocumentShape shape) => shape.Kind switch
    {
        ValueKind.TextOrList => "list",
        ValueKind.Unsigned => shape.Max switch { ushort.MaxValue => "unsigned16", uint.MaxValue => "unsigned32", _ => "unsigned64" },
        _ => shape.Kind.ToString().ToLowerInvariant(),
    };

    private static Dictionary<string, DocumentShape> Reachable()
    {
        Dictionary<string, DocumentShape> found = [];
        var open = new Stack<DocumentShape>(BodyCatalogue.All.Values.Select(type => DocumentShape.Of(type.Document))
            .Concat([DocumentShape.Of(typeof(PlatformDocument)), DocumentShape.Of(typeof(List<BuildOutput>)), DocumentShape.Of(typeof(List<Ulimit>))]));
        while (open.TryPop(out var shape))
        {
            if (shape.Entry is { } entry)
            {
                open.Push(entry);
            }
            else if (shape.Kind == ValueKind.Structure && found.TryAdd(shape.Type.Name, shape))
            {
                foreach (var field in shape.Fields.Values)
                {
                    open.Push(field.Shape);
                }
            }
        }

        return found;
    }

    private static IEnumerable<string[]> Rows([CallerFilePath] string here = "") =>
        File.ReadLines(Path.Combine(Path.GetDirectoryName(here)!, "engine-documents.csv")).Skip(1).Select(line => line.Split(','));
}
