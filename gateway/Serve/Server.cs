using Gateway.Audit;
using Gateway.Entitlement;
using Gateway.Forwarding;
using Gateway.HostFiles;
using Gateway.Limits;
using Gateway.Listeners;
using Gateway.Narrowing;
using Gateway.Objects;
using Gateway.Requests;
using Gateway.Status;
using Gateway.Trust;
using Gateway.Tunnel;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Serilog;
using Serilog.Extensions.Logging;

namespace Gateway.Serve;

/// <summary>Checks everything, then listens: services by room, and the pipeline in the order of a request.</summary>
internal static class Server
{
    // Streams end themselves first, with close_notify; what is left after this is cut.
    private static readonly TimeSpan Farewell = TimeSpan.FromSeconds(2);

    public static async Task<int> RunAsync(ServeOptions options, CancellationToken cancellationToken)
    {
        await using var logger = new LoggerConfiguration()
            .MinimumLevel.Is(options.LogLevel)
            .MinimumLevel.Override("Microsoft", Serilog.Events.LogEventLevel.Warning)
            .MinimumLevel.Override("Yarp", options.LogLevel <= Serilog.Events.LogEventLevel.Debug ? Serilog.Events.LogEventLevel.Warning : Serilog.Events.LogEventLevel.Fatal)
            .Filter.ByExcluding(ClientsDoing.IsMeant)
            .WriteTo.Console(formatProvider: System.Globalization.CultureInfo.InvariantCulture, standardErrorFromLevel: Serilog.Events.LogEventLevel.Verbose)
            .CreateLogger();
        if (Load(options, logger) is not var (trust, audit))
        {
            return ExitCode.Configuration;
        }

        using (audit)
        {
            await using var app = Build(options, logger, trust, audit);
            try
            {
                await app.StartAsync(cancellationToken);
            }
            catch (IOException e)
            {
                logger.Error("cannot listen: {Problem}", e.Message);
                return ExitCode.Failed;
            }

            foreach (var address in options.Listeners.Addresses)
            {
                logger.Information("listening on {Address}, engine {Engine}", address.ToString(), options.Engine.ToString());
            }

            await app.WaitForShutdownAsync(cancellationToken);
            return ExitCode.Done;
        }
    }

    /// <summary>Everything that can be wrong before a port is open; null after the errors were logged.</summary>
    private static (CurrentTrust Trust, AuditLog Audit)? Load(ServeOptions options, Serilog.Core.Logger logger)
    {
        var now = DateTimeOffset.UtcNow;
        var load = TrustLoader.Load(options.TrustFiles, inForce: null, now);
        foreach (var warning in options.Listeners.Addresses.Select(a => a.Warning).OfType<string>().Concat(load.Warnings).Concat(options.Learned.Names.Select(user => Learning(user, load.Snapshot))))
        {
            logger.Warning("{Warning}", warning);
        }

        foreach (var fault in load.Faults)
        {
            logger.Error("{Problem}", fault);
        }

        try
        {
            return load.Snapshot is { } trust ? (new CurrentTrust(trust, now), AuditLog.Open(options.AuditLog, options.Audit)) : null;
        }
        catch (Exception e) when (e is FormatException or IOException or UnauthorizedAccessException)
        {
            logger.Error("{Problem}", e.Message);
            return null;
        }
    }

    private static string Learning(string user, TrustSnapshot? trust) =>
        $"learning from {user}: nothing more is let through; denials that a wider role would allow are marked in the audit log, and what they ask for is looked up{(trust?.Policy.Users.ContainsKey(user) == false ? "; the policy's users do not name this one" : "")}";

    private static WebApplication Build(ServeOptions options, Serilog.Core.Logger logger, CurrentTrust trust, AuditLog audit)
    {
        // An empty builder: neither environment variables nor files of the framework change listeners or settings.
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.Logging.Services.AddSingleton<Microsoft.Extensions.Logging.ILoggerProvider>(new SerilogLoggerProvider(logger));
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = options.ShutdownTimeout + Farewell);
        builder.Services.Configure<ConsoleLifetimeOptions>(console => console.SuppressStatusMessages = true);
        builder.Services.AddSingleton<IHostLifetime, Microsoft.Extensions.Hosting.Internal.ConsoleLifetime>();
        builder.Services.AddSingleton(TimeProvider.System);
        builder.Services.AddSingleton(trust).AddSingleton(options.TrustFiles);
        builder.Services.AddSingleton(audit).AddHostedService<ReopenOnHangup>();
        builder.Services.AddSingleton(options.Engine);
        builder.AddListeners(options.Listeners, trust, TimeProvider.System);
        builder.Services.AddForwarding(options.Engine);
        builder.Services.AddLimits();
        builder.Services.AddSingleton<ObjectResolver>().AddSingleton<AnswerNarrowing>().AddSingleton<FactGatherer>().AddSingleton(options.Learned).AddSingleton<WiderLook>().AddSingleton<ContainerCreation>().AddSingleton<NetworkCreation>().AddSingleton<PlanWriter>();
        builder.Services.AddSingleton(options.ProtectedFiles).AddSingleton<HostPathLookup>().AddSingleton<OpenStreams>();
        builder.Services.AddHostedService(services => new StreamDrain(services.GetRequiredService<OpenStreams>(), TimeProvider.System, options.ShutdownTimeout));
        builder.Services.AddStatus(options.Status, options.Listeners.Addresses);
        builder.Services.AddHostedService<EntitlementSweep>().AddHostedService<TrustReload>();

        // The order is the design: who and what, the record, the verdict, then the engine.
        var app = builder.Build();
        app.UseMiddleware<DecisionMiddleware>();
        app.UseLimits();
        app.UseMiddleware<RequestCountersMiddleware>();
        app.UseMiddleware<AuditMiddleware>();
        app.UseMiddleware<EnforcementMiddleware>();
        app.UseMiddleware<EntitlementMiddleware>();
        app.UseMiddleware<TunnelMiddleware>();
        app.UseForwarding();
        return app;
    }
}
