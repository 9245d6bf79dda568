using System.Text.Json;
using Gateway.Trust;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Gateway.Status;

/// <summary>
/// Tells how the gateway is, on a server of its own that has no way to the engine: the status on the control socket, health and
/// metrics on <c>--metrics-listen</c>.
/// </summary>
internal sealed partial class ControlServer(
    StatusOptions options, StatusReader status, RequestCounters requests, CurrentTrust trust, TimeProvider time, ILogger<ControlServer> logger) : IHostedService, IAsyncDisposable
{
    private const int MaxConnections = 64;
    private WebApplication? app;
    private string? socket;

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        socket = Socket();
        if (socket is null && options.Metrics is null)
        {
            return;
        }

        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(Configure);
        app = builder.Build();
        app.Run(AnswerAsync);
        await app.StartAsync(cancellationToken);
        if (socket is not null)
        {
            File.SetUnixFileMode(socket, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        }

        if (options.Metrics is { } metrics)
        {
            Log.MetricsServed(logger, metrics.ToString());
            if (!System.Net.IPAddress.IsLoopback(metrics.Address))
            {
                Log.MetricsOpen(logger, metrics.ToString());
            }
        }
    }

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        if (app is not null)
        {
            await app.StopAsync(cancellationToken);
        }

        if (socket is not null)
        {
            File.Delete(socket);
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (app is not null)
        {
            await app.DisposeAsync();
        }
    }

    /// <summary>Without a place for the socket there is no status, which is no reason not to serve.</summary>
    private string? Socket()
    {
        try
        {
            if (options.ControlSocket is { } path)
            {
                ControlFolder.Prepare(Path.GetDirectoryName(Path.GetFullPath(path))!);
                return Path.GetFullPath(path);
            }

            return ControlFolder.Path is { } folder ? Path.Combine(ControlFolder.Prepare(folder), $"{Environment.ProcessId}.sock") : null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            Log.NoStatus(logger, e.Message);
            return null;
        }
    }

    private void Configure(KestrelServerOptions kestrel)
    {
        kestrel.AddServerHeader = false;
        kestrel.Limits.MaxConcurrentConnections = MaxConnections;
        kestrel.Limits.MaxRequestBodySize = 0;
        if (socket is not null)
        {
            kestrel.ListenUnixSocket(socket);
        }

        if (options.Metrics is { } metrics)
        {
            kestrel.Listen(metrics);
        }
    }

    private Task AnswerAsync(HttpContext context)
    {
        // A Unix socket has no address.
        var control = context.Connection.LocalIpAddress is null;
        return (context.Request.Method, context.Request.Path.Value, control) switch
        {
            ("GET", "/_gateway/status", true) => StatusAsync(context),
            ("GET", "/_gateway/healthz", false) => HealthAsync(context),
            ("GET", "/_gateway/metrics", false) => MetricsAsync(context),
            _ => WriteAsync(context, StatusCodes.Status404NotFound, "text/plain", "not found\n"),
        };
    }

    private async Task StatusAsync(HttpContext context) => await WriteAsync(
        context, StatusCodes.Status200OK, "application/json", JsonSerializer.Serialize(await status.ReadAsync(context.RequestAborted), StatusJson.Default.StatusReport));

    private async Task HealthAsync(HttpContext context)
    {
        var up = (await status.EngineAsync(context.RequestAborted)).Answers;
        await WriteAsync(context, up ? StatusCodes.Status200OK : StatusCodes.Status503ServiceUnavailable, "text/plain", up ? "ok\n" : "the engine does not answer\n");
    }

    private async Task MetricsAsync(HttpContext context)
    {
        var (now, last) = (time.GetUtcNow(), status.Reloads);
        var text = new PrometheusText()
            .Add("gateway_requests_total", "counter", "Requests decided.", requests.All.OrderBy(r => r.Key).Select(r =>
                ($"{PrometheusText.Label("operation", r.Key.Operation)},{PrometheusText.Label("decision", r.Key.Decision)}", (double)r.Value)))
            .Add("gateway_open_streams", "gauge", "Streams that are open now.", status.OpenStreams)
            .Add("gateway_open_connections", "gauge", "Client connections that are open now.", status.OpenConnections)
            .Add("gateway_reloads_total", "counter", "Reloads of policies, certificates and revocation lists.", last.Count)
            .Add("gateway_reload_failures_total", "counter", "Reloads that found a fault.", last.Faulty)
            .Add("gateway_reload_faults", "gauge", "Faults that the last reload found; what was in force stays in force.", last.Faults.Count)
            .Add("gateway_expiry_seconds", "gauge", "Time until a certificate or a revocation list ends.", StatusReader.Expiries(trust.Now).Select(e =>
                ($"{PrometheusText.Label("kind", e.Kind)},{PrometheusText.Label("name", e.Name)}", Math.Floor((e.Ends - now).TotalSeconds))))
            .Add("gateway_engine_up", "gauge", "1 while the engine answers.", (await status.EngineAsync(context.RequestAborted)).Answers ? 1 : 0);
        await WriteAsync(context, StatusCodes.Status200OK, PrometheusText.ContentType, text.ToString());
    }

    private static Task WriteAsync(HttpContext context, int code, string type, string body)
    {
        context.Response.StatusCode = code;
        context.Response.ContentType = type;
        return context.Response.WriteAsync(body, context.RequestAborted);
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Warning, "gateway status will not find this gateway: {Problem}")]
        public static partial void NoStatus(ILogger logger, string problem);

        [LoggerMessage(2, LogLevel.Information, "metrics on http://{Address}/_gateway/metrics")]
        public static partial void MetricsServed(ILogger logger, string address);

        [LoggerMessage(3, LogLevel.Warning, "metrics on {Address} can be read by whoever reaches that address")]
        public static partial void MetricsOpen(ILogger logger, string address);
    }
}
