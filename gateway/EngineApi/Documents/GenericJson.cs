using System.Text.Json;

namespace Gateway.EngineApi.Documents;

/// <summary>Bodies of operations without a typed document, which only root-equivalent roles have: one meaning, written anew.</summary>
internal static class GenericJson
{
    /// <exception cref="RequestRefusedException">The bytes have no one meaning.</exception>
    public static byte[] Rewrite(ReadOnlyMemory<byte> json)
    {
        StrictJson.Check(json.Span, foldsNames: true);
        using var document = JsonDocument.Parse(json, new JsonDocumentOptions { MaxDepth = 64, AllowDuplicateProperties = false });
        using var buffer = new MemoryStream();
        using (var writer = new Utf8JsonWriter(buffer))
        {
            document.RootElement.WriteTo(writer);
        }

        return buffer.ToArray();
    }
}
