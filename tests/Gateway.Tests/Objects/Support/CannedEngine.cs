using System.Net.Sockets;
using System.Text;
using Gateway.Forwarding;

namespace Gateway.Tests.Objects.Support;

/// <summary>An engine's socket that gives prepared answers by path, or by method and path, 404 for all others, and remembers what was asked.</summary>
internal sealed class CannedEngine : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("engine-").FullName;
    private readonly Socket listener = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
    private readonly Dictionary<string, (int Status, string Body)> answers = [];
    private readonly EngineConnections connections;

    public CannedEngine()
    {
        var path = Path.Combine(folder, "docker.sock");
        listener.Bind(new UnixDomainSocketEndPoint(path));
        listener.Listen();
        Endpoint = new EngineEndpoint(path);
        connections = new EngineConnections(Endpoint);
        Client = new EngineClient(connections);
        _ = AcceptAsync();
    }

    public EngineEndpoint Endpoint { get; }

    public EngineClient Client { get; }

    /// <summary>The paths, without queries.</summary>
    public List<string> Asked { get; } = [];

    /// <summary>All of each request: method and target, and the body.</summary>
    public List<(string Line, string Body)> Sent { get; } = [];

    public CannedEngine With(string path, string body, int status = 200)
    {
        answers[path] = (status, body);
        return this;
    }

    public void Dispose()
    {
        connections.Dispose();
        listener.Dispose();
        Directory.Delete(folder, recursive: true);
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                _ = ServeAsync(await listener.AcceptAsync());
            }
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // The test has ended.
        }
    }

    private async Task ServeAsync(Socket client)
    {
        await using var stream = new NetworkStream(client, ownsSocket: true);
        using var reader = new StreamReader(stream, Encoding.Latin1);
        while (await reader.ReadLineAsync() is { Length: > 0 } first)
        {
            var length = 0;
            while (await reader.ReadLineAsync() is { Length: > 0 } head)
            {
                length = head.StartsWith("Content-Length:", StringComparison.OrdinalIgnoreCase) ? int.Parse(head.AsSpan(15), System.Globalization.CultureInfo.InvariantCulture) : length;
            }

            var sent = new char[length];
            _ = length > 0 ? await reader.ReadBlockAsync(sent) : 0;
            var (method, target) = (first.Split(' ')[0], Uri.UnescapeDataString(first.Split(' ')[1]));
            var path = target.Split('?')[0];
            lock (Asked)
            {
                Asked.Add(path);
                Sent.Add(($"{method} {target}", new string(sent)));
            }

            var (status, body) = answers.TryGetValue($"{method} {path}", out var exact) ? exact : answers.GetValueOrDefault(path, (404, "{\"message\":\"no such thing\"}"));
            await stream.WriteAsync(Encoding.UTF8.GetBytes($"HTTP/1.1 {status} X\r\nApi-Version: 1.41\r\nServer: Canned\r\nContent-Type: application/json\r\nContent-Length: {Encoding.UTF8.GetByteCount(body)}\r\n\r\n{body}"));
        }
    }
}
