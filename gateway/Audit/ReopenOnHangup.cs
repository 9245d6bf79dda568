using System.Runtime.InteropServices;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Gateway.Audit;

/// <summary>SIGHUP after the log was moved away: the file of its name is opened again.</summary>
internal sealed partial class ReopenOnHangup(AuditLog log, ILogger<ReopenOnHangup> logger) : IHostedService, IDisposable
{
    private PosixSignalRegistration? signal;

    public Task StartAsync(CancellationToken cancellationToken)
    {
        signal = PosixSignalRegistration.Create(PosixSignal.SIGHUP, received =>
        {
            received.Cancel = true;
            try
            {
                log.Reopen();
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                Log.ReopenFailed(logger, e);
            }
        });
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken)
    {
        Dispose();
        return Task.CompletedTask;
    }

    public void Dispose() => signal?.Dispose();

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Error, "The audit log could not be opened again; the old file stays in use")]
        public static partial void ReopenFailed(ILogger logger, Exception exception);
    }
}
