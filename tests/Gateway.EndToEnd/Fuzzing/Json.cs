using System.Text.Json;

namespace Gateway.EndToEnd.Fuzzing;

/// <summary>Reads members of the engine's answers; what is not there is empty.</summary>
internal static class Json
{
    public static bool True(this JsonElement element, string name) => element.Member(name).ValueKind == JsonValueKind.True;

    public static string Text(this JsonElement element, string name) => element.Member(name) is { ValueKind: JsonValueKind.String } value ? value.GetString()! : "";

    public static string Raw(this JsonElement element, string name) => element.Member(name) is { ValueKind: not JsonValueKind.Undefined } value ? value.GetRawText() : "";

    public static long Number(this JsonElement element, string name) => element.Member(name) is { ValueKind: JsonValueKind.Number } value ? value.GetInt64() : 0;

    public static IEnumerable<JsonProperty> Members(this JsonElement element, string name) => element.Member(name) is { ValueKind: JsonValueKind.Object } value ? value.EnumerateObject() : Enumerable.Empty<JsonProperty>();

    public static IEnumerable<JsonElement> Items(this JsonElement element, string name) => element.Member(name) is { ValueKind: JsonValueKind.Array } value ? value.EnumerateArray() : Enumerable.Empty<JsonElement>();

    public static IEnumerable<string> Texts(this JsonElement element, string name) => element.Items(name).Select(item => item.GetString()!);

    public static JsonElement Member(this JsonElement element, string name) => element.ValueKind == JsonValueKind.Object && element.TryGetProperty(name, out var value) ? value : default;

    /// <summary>The value of the owner's label.</summary>
    public static string? Owner(this JsonElement holder) => holder.Member("Labels").Text("gateway.owner") is { Length: > 0 } owner ? owner : null;

    public static bool Empty(this JsonElement element, string name) => element.Member(name) is var value && value.ValueKind switch
    {
        JsonValueKind.Array => value.GetArrayLength() == 0,
        JsonValueKind.Object => !value.EnumerateObject().Any(),
        JsonValueKind.String => value.GetString()!.Length == 0,
        JsonValueKind.Null or JsonValueKind.Undefined => true,
        _ => false,
    };
}
