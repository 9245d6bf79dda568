using System.Text;
using System.Text.Json;

namespace Gateway.EngineApi;

/// <summary>Docker's error shape.</summary>
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
