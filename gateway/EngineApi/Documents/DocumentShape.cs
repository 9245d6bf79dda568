using System.Collections.Concurrent;
using System.Collections.Frozen;
using System.Text.Json.Serialization.Metadata;

namespace Gateway.EngineApi.Documents;

/// <summary>What a value of a document may be, by Go's kinds.</summary>
internal enum ValueKind { Text, Boolean, Integer, Unsigned, Decimal, Bytes, List, TextOrList, Map, Structure }

/// <summary>A field of a structure: its exact JSON name, its shape, and how to set it.</summary>
internal sealed record DocumentField(string Name, int Index, DocumentShape Shape, Action<object, object?> Set);

/// <summary>
/// The shape of one type of the documents, taken from its source-generated metadata once: what <see cref="BodyReader"/> needs to
/// read it as Go's encoding/json reads the engine's own type.
/// </summary>
internal sealed class DocumentShape
{
    private static readonly ConcurrentDictionary<Type, DocumentShape> Known = new();

    /// <summary>Maps whose entries may be null at the engine: ports without bindings, build arguments taken from the engine's environment.</summary>
    private static readonly Type[] MapsOfNullables = [typeof(Dictionary<string, List<PortBinding>?>), typeof(BuildArguments)];

    private DocumentShape(Type type, ValueKind kind, string expected)
    {
        (Type, Kind, Expected) = (type, kind, expected);
    }

    public Type Type { get; }

    public ValueKind Kind { get; }

    /// <summary>For messages: what may stand here.</summary>
    public string Expected { get; }

    public long Min { get; private init; }

    public ulong Max { get; private init; }

    /// <summary>The shape of a list's or a map's entries.</summary>
    public DocumentShape? Entry { get; private init; }

    public bool EntriesMayBeNull { get; private init; }

    public Func<object>? Create { get; private init; }

    /// <summary>A structure's fields, by their names without case.</summary>
    public FrozenDictionary<string, DocumentField> Fields { get; private init; } = FrozenDictionary<string, DocumentField>.Empty;

    public static DocumentShape Of(Type type) => Known.GetOrAdd(type, Build);

    private static DocumentShape Build(Type type)
    {
        var plain = Nullable.GetUnderlyingType(type) ?? type;
        return plain switch
        {
            _ when plain == typeof(string) => new(plain, ValueKind.Text, "text"),
            _ when plain == typeof(bool) => new(plain, ValueKind.Boolean, "true or false"),
            _ when plain == typeof(long) => Number(plain, ValueKind.Integer, long.MinValue, long.MaxValue),
            _ when plain == typeof(ulong) => Number(plain, ValueKind.Unsigned, 0, ulong.MaxValue),
            _ when plain == typeof(uint) => Number(plain, ValueKind.Unsigned, 0, uint.MaxValue),
            _ when plain == typeof(ushort) => Number(plain, ValueKind.Unsigned, 0, ushort.MaxValue),
            _ when plain == typeof(float) => new(plain, ValueKind.Decimal, "a number"),
            _ when plain == typeof(byte[]) => new(plain, ValueKind.Bytes, "base64 text"),
            _ => Structured(plain, EngineJson.Default.GetTypeInfo(plain) ?? throw new InvalidOperationException($"{plain} is no type of the documents")),
        };
    }

    private static DocumentShape Number(Type type, ValueKind kind, long min, ulong max) =>
        new(type, kind, $"a whole number from {min} to {max}, in plain digits") { Min = min, Max = max };

    private static DocumentShape Structured(Type type, JsonTypeInfo info) => info.Kind switch
    {
        JsonTypeInfoKind.Enumerable when type == typeof(TextOrList) => new(type, ValueKind.TextOrList, "text or a list of texts") { Entry = Of(typeof(string)), Create = info.CreateObject },
        JsonTypeInfoKind.Enumerable => new(type, ValueKind.List, "a list") { Entry = Of(info.ElementType!), Create = info.CreateObject },
        JsonTypeInfoKind.Dictionary => new(type, ValueKind.Map, "an object") { Entry = Of(info.ElementType!), Create = info.CreateObject, EntriesMayBeNull = MapsOfNullables.Contains(type) },
        JsonTypeInfoKind.Object => new(type, ValueKind.Structure, "an object")
        {
            Create = info.CreateObject ?? throw new InvalidOperationException($"{type} has no constructor without parameters"),
            Fields = info.Properties
                .Select((property, index) => new DocumentField(property.Name, index, Of(property.PropertyType), property.Set ?? throw new InvalidOperationException($"{type}.{property.Name} cannot be set")))
                .ToFrozenDictionary(field => field.Name, StringComparer.OrdinalIgnoreCase),
        },
        _ => throw new InvalidOperationException($"{type} has no shape"),
    };
}
