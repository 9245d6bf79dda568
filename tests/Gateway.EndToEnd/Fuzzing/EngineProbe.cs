using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;

namespace Gateway.EndToEnd.Fuzzing;

/// <summary>Asks the engine itself, past the gateway.</summary>
internal sealed class EngineProbe(string socketPath) : IDisposable
{
    private readonly HttpClient client = new(new SocketsHttpHandler
    {
        UseProxy = false,
        ConnectCallback = async (_, cancellationToken) =>
        {
            var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
            await socket.ConnectAsync(new UnixDomainSocketEndPoint(socketPath), cancellationToken);
            return new NetworkStream(socket, ownsSocket: true);
        },
    })
    { BaseAddress = new Uri("http://docker"), Timeout = TimeSpan.FromSeconds(60) };

    /// <summary>The answer, or an undefined element where the engine says 404.</summary>
    public async Task<JsonElement> GetAsync(string target)
    {
        using var answer = await client.GetAsync(new Uri(target, UriKind.Relative));
        return answer.StatusCode == HttpStatusCode.NotFound ? default : JsonDocument.Parse(await answer.EnsureSuccessStatusCode().Content.ReadAsStringAsync()).RootElement;
    }

    /// <summary>The answer's body as text, one character a byte; empty where there is none.</summary>
    public async Task<string> TextAsync(string target)
    {
        using var answer = await client.GetAsync(new Uri(target, UriKind.Relative));
        return answer.IsSuccessStatusCode ? Encoding.Latin1.GetString(await answer.Content.ReadAsByteArrayAsync()) : "";
    }

    /// <summary>An answer that goes on.</summary>
    public async Task<Stream> StreamAsync(string target) => await client.GetStreamAsync(new Uri(target, UriKind.Relative));

    public async Task<JsonElement> PostAsync(string target, string json)
    {
        using var content = new ByteArrayContent(Encoding.UTF8.GetBytes(json)) { Headers = { ContentType = new MediaTypeHeaderValue("application/json") } };
        using var answer = await client.PostAsync(new Uri(target, UriKind.Relative), content);
        var text = await answer.Content.ReadAsStringAsync();
        return answer.IsSuccessStatusCode || answer.StatusCode == HttpStatusCode.NotModified
            ? text.StartsWith('{') ? JsonDocument.Parse(text).RootElement : default
            : throw new InvalidOperationException($"{target}: {(int)answer.StatusCode} {text}");
    }

    public async Task DeleteAsync(string target)
    {
        using var answer = await client.DeleteAsync(new Uri(target, UriKind.Relative));
    }

    public void Dispose() => client.Dispose();
}
