using System.Diagnostics;

namespace Gateway.EndToEnd.Support;

/// <summary>A gateway that runs as its own process until this is disposed.</summary>
internal sealed class GatewayProcess(Process process, int port) : IAsyncDisposable
{
    private readonly System.Text.StringBuilder log = new();

    public int Port => port;

    public string Log
    {
        get
        {
            lock (log)
            {
                return log.ToString();
            }
        }
    }

    /// <summary>Returns once it listens.</summary>
    public static async Task<GatewayProcess> StartAsync(int port, IEnumerable<string> arguments)
    {
        var gateway = new GatewayProcess(Process.Start(new ProcessStartInfo("dotnet", arguments) { RedirectStandardError = true })!, port);
        await gateway.ListeningAsync();
        return gateway;
    }

    public async ValueTask DisposeAsync()
    {
        process.Kill();
        await process.WaitForExitAsync();
        process.Dispose();
    }

    private async Task ListeningAsync()
    {
        var listening = new TaskCompletionSource();
        process.ErrorDataReceived += (_, line) =>
        {
            lock (log)
            {
                log.Append(line.Data).Append('\n');
            }

            if (line.Data?.Contains("listening on", StringComparison.Ordinal) == true)
            {
                listening.TrySetResult();
            }
            else if (line.Data is null)
            {
                listening.TrySetException(new InvalidOperationException("the gateway ended: " + Log));
            }
        };
        process.BeginErrorReadLine();
        await listening.Task.WaitAsync(TimeSpan.FromSeconds(60));
    }
}
