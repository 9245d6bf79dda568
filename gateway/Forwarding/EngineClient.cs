using System.Net;
using System.Net.Http.Headers;
using System.Runtime.CompilerServices;
using System.Text.Json;

namespace Gateway.Forwarding;

/// <summary>
/// The gateway's own calls to the engine: looking objects up and making the volumes that a create would bring into being.
/// Answers are bounded and parsed, never passed on.
/// </summary>
internal sealed class EngineClient(EngineConnections connections)
{
    /// <summary>Threats §8: the bound on an answer that must be parsed.</summary>
    public const int MaxAnswerBytes = 64 << 20;

    private EngineIdentity identity = EngineIdentity.Unknown;

    /// <summary>As the engine's last answer had it.</summary>
    public EngineIdentity Identity => identity;

    private static readonly JsonDocumentOptions Depth = new() { MaxDepth = 128 };

    /// <summary>The answer to a GET, or null where the engine says 404.</summary>
    /// <param name="target">Path and query, already encoded.</param>
    /// <exception cref="EngineUnreachableException">The engine is away.</exception>
    /// <exception cref="EngineAnswerException">The answer is no JSON, too long, or an error other than 404.</exception>
    /// <exception cref="EngineRefusedException">The engine has no such objects: it is no swarm manager.</exception>
    public async Task<JsonElement?> GetAsync(string target, CancellationToken cancellationToken)
    {
        var (status, body) = await SendAsync(HttpMethod.Get, target, null, cancellationToken);
        return status switch
        {
            HttpStatusCode.OK => Parse(body),
            HttpStatusCode.NotFound => null,

            // An ambiguous id prefix (400 on newer engines, 500 on older ones) names nothing.
            HttpStatusCode.BadRequest or HttpStatusCode.InternalServerError when IsAmbiguous(body) => null,
            HttpStatusCode.BadRequest or HttpStatusCode.Conflict => null,
            HttpStatusCode.ServiceUnavailable => throw new EngineRefusedException((int)status, body),
            _ => throw new EngineAnswerException($"the engine answered {(int)status} to a lookup"),
        };
    }

    /// <summary>Each element of a list, of whatever length the list is: everybody's objects are in it.</summary>
    /// <param name="target">Path and query, already encoded.</param>
    /// <param name="member">The list's name in the answer; empty where the answer is the list.</param>
    /// <param name="skipTooLong">Leaves an element out that is too long to be looked at, where that is no matter of safety.</param>
    /// <exception cref="EngineUnreachableException">The engine is away.</exception>
    /// <exception cref="EngineAnswerException">The answer is no such list, or an error; an element is too long.</exception>
    public async IAsyncEnumerable<JsonElement> ListAsync(string target, string member, bool skipTooLong, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, EngineUri.Of(target));
        using var response = await SendAsync(request, cancellationToken);
        if (response.StatusCode != HttpStatusCode.OK)
        {
            throw new EngineAnswerException($"the engine answered {(int)response.StatusCode} to a list");
        }

        await using var source = await response.Content.ReadAsStreamAsync(cancellationToken);
        await foreach (var piece in ListReader.ReadAsync(source, cancellationToken))
        {
            if (piece.Member == member && piece.Element is { } element && !(piece.IsTooLong && skipTooLong))
            {
                yield return piece.IsTooLong ? throw new EngineAnswerException($"an object in the engine's list is longer than {MaxAnswerBytes >> 20} MiB") : element;
            }
        }
    }

    /// <summary>The status and answer of a POST with a JSON body.</summary>
    public async Task<(HttpStatusCode Status, byte[] Body)> PostAsync(string target, byte[] json, CancellationToken cancellationToken) =>
        await SendAsync(HttpMethod.Post, target, json, cancellationToken);

    /// <summary>The status of a DELETE.</summary>
    public async Task<HttpStatusCode> DeleteAsync(string target, CancellationToken cancellationToken) =>
        (await SendAsync(HttpMethod.Delete, target, null, cancellationToken)).Status;

    /// <exception cref="EngineAnswerException">The bytes are no JSON.</exception>
    public static JsonElement Parse(ReadOnlyMemory<byte> body)
    {
        try
        {
            using var document = JsonDocument.Parse(body, Depth);
            return document.RootElement.Clone();
        }
        catch (JsonException e)
        {
            throw new EngineAnswerException("the engine's answer is no JSON", e);
        }
    }

    /// <summary>Reads a whole answer, bounded.</summary>
    /// <exception cref="EngineAnswerException">It is longer than <see cref="MaxAnswerBytes"/>.</exception>
    public static async Task<byte[]> ReadAsync(HttpContent content, CancellationToken cancellationToken)
    {
        await using var source = await content.ReadAsStreamAsync(cancellationToken);
        using var buffer = new MemoryStream();
        var block = new byte[64 << 10];
        int read;
        while ((read = await source.ReadAsync(block, cancellationToken)) > 0)
        {
            buffer.Write(block, 0, read);
            if (buffer.Length > MaxAnswerBytes)
            {
                throw new EngineAnswerException($"the engine's answer is longer than {MaxAnswerBytes >> 20} MiB");
            }
        }

        return buffer.ToArray();
    }

    private static bool IsAmbiguous(byte[] body)
    {
        var text = System.Text.Encoding.UTF8.GetString(body);
        return text.Contains("multiple IDs found", StringComparison.OrdinalIgnoreCase)
            || text.Contains("ambiguous", StringComparison.OrdinalIgnoreCase);
    }

    private async Task<(HttpStatusCode Status, byte[] Body)> SendAsync(HttpMethod method, string target, byte[]? json, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(method, EngineUri.Of(target));
        if (json is not null)
        {
            request.Content = new ByteArrayContent(json) { Headers = { ContentType = new MediaTypeHeaderValue("application/json") } };
        }

        using var response = await SendAsync(request, cancellationToken);
        try
        {
            return (response.StatusCode, await ReadAsync(response.Content, cancellationToken));
        }
        catch (IOException e)
        {
            throw new EngineUnreachableException(connections.Endpoint, e);
        }
    }

    private async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        try
        {
            var response = await connections.Plain.SendAsync(request, cancellationToken);
            identity = EngineIdentity.Of(response) ?? identity;
            return response;
        }
        catch (HttpRequestException e)
        {
            throw e.InnerException as EngineUnreachableException ?? new EngineUnreachableException(connections.Endpoint, e);
        }
        catch (IOException e)
        {
            throw new EngineUnreachableException(connections.Endpoint, e);
        }
    }
}
