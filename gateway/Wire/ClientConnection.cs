using System.IO.Pipelines;

namespace Gateway.Wire;

/// <summary>
/// One client's connection as the pipeline sees it: the head of the request being served, and the way to take the raw
/// connection over once the operation, not the client, says so (I8). A connection feature.
/// </summary>
internal sealed class ClientConnection : IDisposable
{
    // Whoever does not take the last bytes within this time loses them.
    private static readonly TimeSpan FarewellTimeout = TimeSpan.FromMilliseconds(250);
    private readonly CancellationTokenSource closedForKestrel = new();
    private readonly PipeReader rawInput;
    private readonly PipeWriter rawOutput;
    private readonly Func<ValueTask> shutdownOutput;
    private readonly Action abort;
    private readonly Func<CancellationToken> watchPeer;
    private readonly Lock gate = new();
    private int outputEnded;
    private bool serving;
    private bool ending;
    private bool undecided;
    private bool closed;

    public ClientConnection(PipeReader rawInput, PipeWriter rawOutput, Func<ValueTask> shutdownOutput, Action abort, Func<CancellationToken> watchPeer)
    {
        this.rawInput = rawInput;
        this.rawOutput = rawOutput;
        this.shutdownOutput = () => Interlocked.Exchange(ref outputEnded, 1) == 0 ? shutdownOutput() : ValueTask.CompletedTask;
        this.abort = abort;
        this.watchPeer = watchPeer;
    }

    public RequestHead Head { get; private set; } = RequestHead.Broken(400, "no request was read");

    public RequestDefect? BodyDefect { get; set; }

    /// <summary>Body bytes of the current request.</summary>
    public long BytesIn { get; set; }

    /// <summary>Bytes written to the client since the current request began.</summary>
    public long BytesOut { get; set; }

    public bool IsHijacked { get; private set; }

    /// <summary>The gateway has ended the connection: nothing more is read from it or written to it by Kestrel.</summary>
    public bool IsCut { get; private set; }

    /// <summary>Kestrel's later writes go nowhere.</summary>
    public bool IsOutOfKestrelsHands => IsHijacked || IsCut;

    /// <summary>What Kestrel takes for the end of the connection: held back while a request may still become a tunnel.</summary>
    public CancellationToken ClosedForKestrel => closedForKestrel.Token;

    /// <summary>A request begins.</summary>
    /// <returns>False where the connection was ended meanwhile.</returns>
    public bool Begin(RequestHead head)
    {
        lock (gate)
        {
            if (IsCut)
            {
                return false;
            }

            serving = true;
            Head = head;
            BodyDefect = null;
            BytesIn = BytesOut = 0;
            undecided = true;
            return true;
        }
    }

    /// <summary>The request is over, and the next one is waited for.</summary>
    public void Idle()
    {
        lock (gate)
        {
            serving = false;
            IsCut |= ending;
        }
    }

    /// <summary>Ends the connection now, or once the request that it serves is over: its reader then says farewell.</summary>
    /// <returns>False where it is ending already, or is a stream's.</returns>
    public bool EndWhenIdle()
    {
        lock (gate)
        {
            if (ending || IsOutOfKestrelsHands)
            {
                return false;
            }

            ending = true;
            if (serving)
            {
                return true;
            }

            IsCut = true;
        }

        rawInput.CancelPendingRead();
        return true;
    }

    /// <summary>Ends the connection in the middle of an answer, which therefore does not look complete.</summary>
    public async ValueTask CutAsync()
    {
        lock (gate)
        {
            IsCut = true;
        }

        if (!IsHijacked)
        {
            rawInput.CancelPendingRead();
        }

        await FarewellAsync();
    }

    /// <summary>close_notify while the peer still takes it; else a reset, which throws away what it did not take.</summary>
    public async ValueTask FarewellAsync()
    {
        try
        {
            await shutdownOutput().AsTask().WaitAsync(FarewellTimeout);
        }
        catch (Exception e) when (e is TimeoutException or IOException or InvalidOperationException or OperationCanceledException or System.Net.Sockets.SocketException or NotSupportedException)
        {
            abort();
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
            return new HijackedClient(rawInput, rawOutput, shutdownOutput, watchPeer());
        }
    }

    public void Dispose() => closedForKestrel.Dispose();
}

/// <summary>The raw connection of a hijacked request.</summary>
/// <param name="ShutdownOutput">Half-close towards the client: close_notify over TLS.</param>
/// <param name="Vanished">The peer is gone, not only half-closed.</param>
internal sealed record HijackedClient(PipeReader Input, PipeWriter Output, Func<ValueTask> ShutdownOutput, CancellationToken Vanished);
