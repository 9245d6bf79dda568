using System.Runtime.InteropServices;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Gateway.Trust;

/// <summary>
/// Reads everything again on SIGHUP and when a file has changed: a watcher says so at once, and a look at the files' stats five
/// times a second catches what no watcher sees. On a thread of its own, so that a busy gateway does not keep a revocation waiting.
/// </summary>
internal sealed partial class TrustReload(CurrentTrust current, TrustFiles files, TimeProvider time, ILogger<TrustReload> logger) : BackgroundService
{
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(200);

    // Files that are written one after the other do not fit for a moment: that long nobody is told.
    private static readonly TimeSpan Settle = TimeSpan.FromMilliseconds(500);

    // A change within the clock's grain of the last reading would leave the same times behind.
    private static readonly TimeSpan ClockGrain = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan Breath = TimeSpan.FromMilliseconds(10);
    private const int MaxRepeats = 8;
    private readonly AutoResetEvent wake = new(false);
    private readonly HashSet<string> said = new(StringComparer.Ordinal);
    private FileFingerprint? seen;
    private int repeats;
    private volatile bool hangup;

    public override void Dispose()
    {
        base.Dispose();
        wake.Dispose();
    }

    protected override Task ExecuteAsync(CancellationToken stoppingToken) =>
        Task.Factory.StartNew(() => Loop(stoppingToken), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);

    private void Loop(CancellationToken stopping)
    {
        using var signal = PosixSignalRegistration.Create(PosixSignal.SIGHUP, received =>
        {
            received.Cancel = true;
            hangup = true;
            wake.Set();
        });
        using var watch = new FolderWatch(files, () => wake.Set());
        while (!stopping.IsCancellationRequested)
        {
            try
            {
                LookOnce();
            }
            catch (Exception e)
            {
                Log.ReloadFailed(logger, e);
            }

            // However fast a folder changes, a core is not spent on looking at it.
            stopping.WaitHandle.WaitOne(Breath);
            WaitHandle.WaitAny([wake, stopping.WaitHandle], repeats > 0 ? Look / 2 : Look);
        }
    }

    private void LookOnce()
    {
        var now = time.GetUtcNow();
        foreach (var soon in TrustExpiry.Soon(current.Now, now).Where(said.Add))
        {
            Log.EndsSoon(logger, soon);
        }

        var print = FileFingerprint.Of(files);
        if (!hangup && repeats == 0 && print.SameAs(seen))
        {
            return;
        }

        var first = seen is null;
        seen = print;
        hangup = false;
        var load = TrustLoader.Load(files, current.Now, now);
        var age = now - print.Newest;
        repeats = repeats < MaxRepeats && age < (load.Faults.Count > 0 ? Settle : ClockGrain) ? repeats + 1 : 0;
        current.Replace(load.Snapshot!);
        if (repeats == 0 && !(first && load.Faults.Count == 0))
        {
            Report(load, now);
        }
    }

    private void Report(TrustLoad load, DateTimeOffset now)
    {
        current.Report(now, load.Faults);
        foreach (var fault in load.Faults)
        {
            Log.Fault(logger, fault);
        }

        if (load.Faults.Count == 0)
        {
            Log.Reloaded(logger, current.Now.Policy.Users.Count, current.Now.Clients.Revoked?.Count ?? 0);
        }

        foreach (var warning in load.Warnings.Where(said.Add))
        {
            Log.Doubt(logger, warning);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Error, "reload: {Fault}; what was in force stays in force")]
        public static partial void Fault(ILogger logger, string fault);

        [LoggerMessage(2, LogLevel.Information, "reloaded: {Users} users, {Revoked} revoked certificates")]
        public static partial void Reloaded(ILogger logger, int users, int revoked);

        [LoggerMessage(3, LogLevel.Warning, "{Warning}")]
        public static partial void Doubt(ILogger logger, string warning);

        [LoggerMessage(4, LogLevel.Warning, "{Soon}")]
        public static partial void EndsSoon(ILogger logger, string soon);

        [LoggerMessage(5, LogLevel.Error, "reload failed; what was in force stays in force")]
        public static partial void ReloadFailed(ILogger logger, Exception exception);
    }
}
