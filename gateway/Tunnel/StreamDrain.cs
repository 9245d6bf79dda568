using Microsoft.Extensions.Hosting;

namespace Gateway.Tunnel;

/// <summary>
/// Gives the open streams their time when the program stops, while Kestrel has stopped accepting; then ends them, so that
/// clients get an end and not a cut connection.
/// </summary>
internal sealed class StreamDrain(OpenStreams streams, TimeProvider time, TimeSpan grace) : IHostedLifecycleService, IDisposable
{
    private ITimer? end;

    public Task StoppingAsync(CancellationToken cancellationToken)
    {
        end = time.CreateTimer(_ => CutAll(), null, grace, Timeout.InfiniteTimeSpan);
        return Task.CompletedTask;
    }

    public void Dispose() => end?.Dispose();

    private void CutAll()
    {
        foreach (var stream in streams.All)
        {
            stream.Cut(TunnelEnd.ShuttingDown);
        }
    }

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
