using System.IO.Pipelines;

namespace Gateway.Wire;

/// <summary>
/// One client's connection as the pipeline sees it: the head of the request being served, and the way to take the raw
/// connection over once the operation, not the client, says so (I8). A connection feature.
/// </summary>
internal sealed class ClientConnection : IDisposable
{
    private readonly CancellationTokenSource closedForKestrel = new();
    private readonly PipeReader rawInput;
    private readonly PipeWriter rawOutput;
    private readonly Func<ValueTask> shutdownOutput;
    private readonly CancellationToken vanished;
    private readonly Lock gate = new();
    private bool undecided;
    private bool closed;

    public ClientConnection(PipeReader rawInput, PipeWriter rawOutput, Func<ValueTask> shutdownOutput, CancellationToken vanished)
    {
        this.rawInput = rawInput;
        this.rawOutput = rawOutput;
        this.shutdownOutput = shutdownOutput;
        this.vanished = vanished;
    }

    public RequestHead Head { get; private set; } = RequestHead.Broken(400, "no request was read");

    public RequestDefect? BodyDefect { get; set; }

    /// <summary>Body bytes of the current request.</summary>
    public long BytesIn { get; set; }

    /// <summary>Bytes written to the client since the current request began.</summary>
    public long BytesOut { get; set; }

    public bool IsHijacked { get; private set; }

    /// <summary>What Kestrel takes for the end of the connection: held back while a request may still become a tunnel.</summary>
    public CancellationToken ClosedForKestrel => closedForKestrel.Token;

    public void Begin(RequestHead head)
    {
        lock (gate)
        {
            Head = head;
            BodyDefect = null;
            BytesIn = BytesOut = 0;
            undecided = true;
        }
    }

    /// <summary>The transport says that the peer has ended.</summary>
    public void Closed()
    {
        lock (gate)
        {
            closed = true;
            if (undecided || IsHijacked)
            {
                return;
            }
        }

        closedForKestrel.Cancel();
    }

    /// <summary>The request is an ordinary one: a peer that has gone meanwhile ends it now.</summary>
    public void Decided()
    {
        lock (gate)
        {
            undecided = false;
            if (!closed || IsHijacked)
            {
                return;
            }
        }

        closedForKestrel.Cancel();
    }

    /// <summary>Takes the raw connection over. Kestrel's later writes go nowhere, its next read ends.</summary>
    public HijackedClient Hijack()
    {
        lock (gate)
        {
            IsHijacked = true;
            return new HijackedClient(rawInput, rawOutput, shutdownOutput, vanished);
        }
    }

    public void Dispose() => closedForKestrel.Dispose();
}

/// <summary>The raw connection of a hijacked request.</summary>
/// <param name="ShutdownOutput">Half-close towards the client: close_notify over TLS.</param>
/// <param name="Vanished">The peer is gone, not only half-closed.</param>
internal sealed record HijackedClient(PipeReader Input, PipeWriter Output, Func<ValueTask> ShutdownOutput, CancellationToken Vanished);
