using System.Text.Json;

namespace Gateway.Objects;

/// <summary>Looks into the engine's answers without trusting their shape: what is not there, or not of the kind, is absent.</summary>
internal static class Json
{
    public static JsonElement Member(JsonElement element, string name) =>
        element.ValueKind == JsonValueKind.Object && element.TryGetProperty(name, out var value) ? value : default;

    public static string? String(JsonElement element, string name) =>
        Member(element, name) is { ValueKind: JsonValueKind.String } value ? value.GetString() : null;

    public static long? Number(JsonElement element, string name) =>
        Member(element, name) is { ValueKind: JsonValueKind.Number } value && value.TryGetInt64(out var number) ? number : null;

    public static bool True(JsonElement element, string name) => Member(element, name).ValueKind == JsonValueKind.True;

    public static IEnumerable<JsonElement> Items(JsonElement element) =>
        element.ValueKind == JsonValueKind.Array ? element.EnumerateArray() : [];

    public static IEnumerable<JsonProperty> Members(JsonElement element) =>
        element.ValueKind == JsonValueKind.Object ? element.EnumerateObject() : [];

    public static IEnumerable<string> Strings(JsonElement element, string name) =>
        Items(Member(element, name)).Where(item => item.ValueKind == JsonValueKind.String).Select(item => item.GetString()!);

    public static Dictionary<string, string> Map(JsonElement element) =>
        Members(element).Where(m => m.Value.ValueKind == JsonValueKind.String).ToDictionary(m => m.Name, m => m.Value.GetString()!, StringComparer.Ordinal);
}
