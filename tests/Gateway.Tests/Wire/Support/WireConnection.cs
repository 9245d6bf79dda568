using System.IO.Pipelines;
using System.Text;
using Gateway.Wire;

namespace Gateway.Tests.Wire.Support;

/// <summary>A client's bytes on one side of the strict reading, what the web server would read on the other.</summary>
internal sealed class WireConnection : IAsyncDisposable
{
    private readonly Pipe client = new(new PipeOptions(pauseWriterThreshold: 0));

    public WireConnection()
    {
        Connection = new ClientConnection(client.Reader, new Pipe().Writer, () => default, () => { }, () => CancellationToken.None);
        Requests = new RequestStream(client.Reader, Connection, Time);
    }

    public ManualTime Time { get; } = new();

    public ClientConnection Connection { get; }

    public RequestStream Requests { get; }

    public async Task SendAsync(string bytes) => await client.Writer.WriteAsync(Encoding.Latin1.GetBytes(bytes));

    public void End() => client.Writer.Complete();

    /// <summary>The next piece; empty at the end.</summary>
    public async Task<string> ReadAsync()
    {
        var block = new byte[64 << 10];
        return Encoding.Latin1.GetString(block, 0, await Requests.ReadAsync(block));
    }

    /// <summary>Everything until the end of the connection.</summary>
    public async Task<string> ReadAllAsync()
    {
        var all = new StringBuilder();
        while (await ReadAsync() is { Length: > 0 } piece)
        {
            all.Append(piece);
        }

        return all.ToString();
    }

    public async ValueTask DisposeAsync()
    {
        await Requests.DisposeAsync();
        Connection.Dispose();
    }
}
