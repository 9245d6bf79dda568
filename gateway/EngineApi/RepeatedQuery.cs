using System.Text.Json;
using Gateway.EngineApi.Query;

namespace Gateway.EngineApi;

/// <summary>
/// The body of an operation that reads none. Client libraries (dockerode, go-dockerclient, Ruby's docker-api) write an operation's options
/// out as JSON beside the query; engines read such a body only where it is a form, which is never taken (I9). One that names nothing but the
/// operation's own parameters is read and dropped.
/// </summary>
internal static class RepeatedQuery
{
    /// <summary>The bound on such a body, counted while it is read.</summary>
    public const int MaxBytes = 64 << 10;
    private const int MaxDepth = 16;

    /// <summary>Whether the operation may come with such a body.</summary>
    public static bool MayCome(EngineOperation operation) =>
        operation.Method == "POST" && (operation.Body == BodyKind.None || operation.Name is "ContainerAttach" or "ImagePush");

    /// <exception cref="RequestRefusedException">It says something besides.</exception>
    public static void Check(ReadOnlyMemory<byte> json, EngineOperation operation)
    {
        // Empty is a chunked body without chunks; null is what Go clients make of no options.
        if (json.Span.Trim(" \t\r\n"u8) is { IsEmpty: true } or [(byte)'n', (byte)'u', (byte)'l', (byte)'l'])
        {
            return;
        }

        try
        {
            using var document = JsonDocument.Parse(json, new JsonDocumentOptions { MaxDepth = MaxDepth, AllowDuplicateProperties = false });
            if (document.RootElement.EnumerateObject().FirstOrDefault(member => !QueryCatalogue.Knows(operation, member.Name)) is { Value.ValueKind: not JsonValueKind.Undefined } other)
            {
                throw new RequestRefusedException(400, $"{operation} has no body, and no parameter \"{EngineQuery.Shown(other.Name)}\"; send its parameters in the query");
            }
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            throw new RequestRefusedException(400, $"{operation} has no body; send its parameters in the query");
        }
    }
}
