using System.Text;
using System.Text.Json;

namespace Gateway.EngineApi;

/// <summary>Docker's error shape, and the engine's own words for an object that is not there (threats §4.5).</summary>
internal static class EngineError
{
    public static byte[] Body(string message)
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer, new JsonWriterOptions { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
        {
            json.WriteStartObject();
            json.WriteString("message", message);
            json.WriteEndObject();
        }

        buffer.Write("\n"u8);
        return buffer.ToArray();
    }

    /// <summary>What the engine says of a name that it does not know.</summary>
    public static string NotFound(EngineOperation operation, ObjectKind kind, string name) => kind switch
    {
        ObjectKind.Container when operation.Name == "ContainerKill" => $"cannot kill container: {name}: No such container: {name}",
        ObjectKind.Container => $"No such container: {name}",
        ObjectKind.Exec => $"No such exec instance: {name}",
        ObjectKind.Image when operation.Name is "ImageGet" or "ImageGetAll" => $"No such image: {name}",
        ObjectKind.Image => $"No such image: {(ImageReference.TryParse(name, out var r) && r is { Tag: null, Digest: null } ? name + ":latest" : name)}",
        ObjectKind.Volume => $"get {name}: no such volume",
        ObjectKind.Network => $"network {name} not found",
        ObjectKind.Plugin => $"plugin \"{name}\" not found",
        _ => $"{kind.ToString().ToLowerInvariant()} {name} not found",
    };

    /// <summary>The message of an error answer; null where it is not of Docker's shape.</summary>
    public static string? Message(ReadOnlyMemory<byte> body)
    {
        try
        {
            using var document = JsonDocument.Parse(body);
            return document.RootElement.TryGetProperty("message", out var message) ? message.GetString() : null;
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            return body.Length is > 0 and < 1024 ? Encoding.UTF8.GetString(body.Span).Trim() : null;
        }
    }
}
