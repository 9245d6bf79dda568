using Microsoft.Extensions.Hosting;

namespace Gateway.Tunnel;

/// <summary>Ends the open streams when the program stops, so that clients get an end and not a cut connection.</summary>
internal sealed class StreamDrain(OpenStreams streams) : IHostedLifecycleService
{
    public Task StoppingAsync(CancellationToken cancellationToken)
    {
        foreach (var stream in streams.All)
        {
            stream.Cut(TunnelEnd.ShuttingDown);
        }

        return Task.CompletedTask;
    }

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
