using System.IO.Pipelines;

namespace Gateway.Tunnel;

/// <summary>
/// Pumps a hijacked stream both ways until each side has ended. The end of input from one side becomes a half-close of the
/// other, never a close of both (I52). Buffers are those of the pipes: a slow reader holds back its own engine connection only.
/// </summary>
internal static class TunnelCopier
{
    // How soon an engine that closed both directions is noticed while the client says nothing.
    private static readonly TimeSpan HangupCheck = TimeSpan.FromMilliseconds(250);

    // What a client sent before it left still goes to the engine, as without a gateway; one that takes none of it is not waited for.
    private static readonly TimeSpan LastInput = TimeSpan.FromSeconds(5);

    public static async Task<TunnelEnd> RunAsync(
        PipeReader clientInput,
        PipeWriter clientOutput,
        Func<ValueTask> endClientOutput,
        EngineStream engine,
        OpenStream stream,
        CancellationToken clientVanished)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(clientVanished, stream.WasCut);
        using var stopInput = CancellationTokenSource.CreateLinkedTokenSource(stream.WasCut);
        using var leaving = clientVanished.Register(() => stopInput.CancelAfter(LastInput));
        var upstream = ToEngineAsync(clientInput, engine, stopInput.Token);
        var downstream = ToClientAsync(engine, clientOutput, endClientOutput, stop.Token);
        try
        {
            await downstream;
            while (!upstream.IsCompleted && !engine.HungUp)
            {
                await Task.WhenAny(upstream, Task.Delay(HangupCheck, stop.Token));
                stop.Token.ThrowIfCancellationRequested();
            }

            return TunnelEnd.Completed;
        }
        catch (OperationCanceledException)
        {
            await Settle(upstream);
            return stream.CutBecause?.End ?? TunnelEnd.ClientVanished;
        }
        catch (IOException)
        {
            return stream.CutBecause is { } cut ? cut.End : clientVanished.IsCancellationRequested ? TunnelEnd.ClientVanished : TunnelEnd.EngineFailed;
        }
        finally
        {
            await stop.CancelAsync();
            await stopInput.CancelAsync();
            await Settle(upstream);
            await Settle(downstream);
        }
    }

    private static async Task ToEngineAsync(PipeReader input, EngineStream engine, CancellationToken cancellationToken)
    {
        await input.CopyToAsync(engine.Output, cancellationToken);
        engine.ShutdownSend();
    }

    private static async Task ToClientAsync(EngineStream engine, PipeWriter output, Func<ValueTask> end, CancellationToken cancellationToken)
    {
        await engine.Input.CopyToAsync(output, cancellationToken);
        await end();
    }

    private static async Task Settle(Task task)
    {
        try
        {
            await task;
        }
        catch (Exception e) when (e is OperationCanceledException or IOException or InvalidOperationException or ObjectDisposedException)
        {
            // How the stream ended is known already.
        }
    }
}
