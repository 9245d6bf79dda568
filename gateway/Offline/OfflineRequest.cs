using System.Text;
using Gateway.EngineApi;
using Gateway.Requests;
using Gateway.Wire;

namespace Gateway.Offline;

/// <summary>A request that is not on a wire: what a client would send, to be read by the same reader that serve uses.</summary>
internal sealed record OfflineRequest(string Method, string Target, IReadOnlyList<RequestHeader> Headers, ReadOnlyMemory<byte> Body)
{
    private const string ContentType = "Content-Type";

    /// <summary>A body without a content type is taken for what the operation's clients send.</summary>
    public static OfflineRequest Of(string method, string target, string? body = null, IEnumerable<RequestHeader>? headers = null)
    {
        var bytes = body is null ? [] : Encoding.UTF8.GetBytes(body);
        List<RequestHeader> heads = [.. headers ?? []];
        if (bytes.Length > 0 && !heads.Exists(head => head.Name.Equals(ContentType, StringComparison.OrdinalIgnoreCase)))
        {
            heads.Add(new RequestHeader(ContentType, "application/json"));
        }

        return new OfflineRequest(method, target, heads, bytes);
    }

    /// <summary>As serve reads it; what cannot be read is a refusal in it.</summary>
    public EngineRequest Read() => RequestReader.Read(new RequestHead(Method, Target, Headers, Body.Length, false));
}
