using System.Text.Json.Nodes;
using Gateway.EngineApi;
using Gateway.Offline;
using Gateway.Wire;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace Gateway.Policy.DockerClient;

/// <summary>
/// Listens on a socket in place of an engine, writes down what is asked, and plays an engine just enough for the client to go
/// on: every object exists, everything succeeds at once, nothing is done.
/// </summary>
internal sealed class RecordingEngine : IAsyncDisposable
{
    private const int MostBody = 4 << 20;

    private readonly WebApplication _app;
    private readonly List<OfflineRequest> _requests = [];
    private readonly List<CreatedObject> _created = [];
    private readonly List<(ObjectKind Kind, string Id, string Name, JsonObject Labels, string Image)> _made = [];
    private readonly Lock _lock = new();
    private int _next;

    private RecordingEngine(WebApplication app) => _app = app;

    public IReadOnlyList<OfflineRequest> Requests
    {
        get
        {
            lock (_lock)
            {
                return [.. _requests];
            }
        }
    }

    /// <summary>Ids and names of what the client had made.</summary>
    public IReadOnlyList<CreatedObject> Created
    {
        get
        {
            lock (_lock)
            {
                return [.. _created];
            }
        }
    }

    public static async Task<RecordingEngine> StartAsync(string socket, CancellationToken cancellationToken)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = null;
            kestrel.Limits.MinRequestBodyDataRate = null;
            File.Delete(socket);
            kestrel.ListenUnixSocket(socket, listen => listen.Protocols = HttpProtocols.Http1);
        });
        var engine = new RecordingEngine(builder.Build());
        engine._app.Run(engine.AnswerAsync);
        await engine._app.StartAsync(cancellationToken);
        return engine;
    }

    public async ValueTask DisposeAsync()
    {
        using var now = new CancellationTokenSource(TimeSpan.Zero);
        await _app.StopAsync(now.Token);
        await _app.DisposeAsync();
    }

    private async Task AnswerAsync(HttpContext context)
    {
        var target = context.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget;
        var headers = context.Request.Headers.SelectMany(head => head.Value.Select(value => new RequestHeader(head.Key, value ?? ""))).ToList();
        var upgrade = context.Features.Get<IHttpUpgradeFeature>() is { IsUpgradableRequest: true } feature ? feature : null;
        var body = upgrade is null || context.Request.ContentLength > 0 ? await BodyAsync(context.Request.Body) : [];
        var asked = new OfflineRequest(context.Request.Method, target, headers, body);
        var request = asked.Read();
        var id = Note(asked, request);
        var answer = Composing(asked) && Composed(request, asked, id) is { } composed ? composed : EngineAnswer.For(request, asked, id);
        if (upgrade is not null && request.Operation?.Stream == StreamKind.Hijack)
        {
            context.Response.Headers["Content-Type"] = "application/vnd.docker.raw-stream";
            await using var stream = await upgrade.UpgradeAsync();
            return;
        }

        // Kestrel upgrades no request that has a body, as an exec's start has; the client waits for a stream, which ends at once.
        if (request.Operation?.Stream == StreamKind.Hijack && context.Request.Headers.Upgrade.Count > 0 && context.Features.Get<IConnectionTransportFeature>() is { } connection)
        {
            await connection.Transport.Output.WriteAsync("HTTP/1.1 101 UPGRADED\r\nContent-Type: application/vnd.docker.raw-stream\r\nConnection: Upgrade\r\nUpgrade: tcp\r\n\r\n"u8.ToArray());
            await connection.Transport.Output.CompleteAsync();
            return;
        }

        context.Response.StatusCode = answer.Status;
        foreach (var (name, value) in answer.Headers)
        {
            context.Response.Headers[name] = value;
        }

        // A HEAD and a 204 carry no body.
        if (answer.Body.Length > 0 && asked.Method != "HEAD")
        {
            context.Response.ContentType ??= "application/json";
            await context.Response.WriteAsync(answer.Body);
        }
    }

    /// <summary>Compose first looks for what its project has already, and goes on by the labels that it finds: to it, only what it made is there.</summary>
    private static bool Composing(OfflineRequest asked) => asked.Headers.Any(head => head.Name.Equals("User-Agent", StringComparison.OrdinalIgnoreCase) && head.Value.Contains("compose", StringComparison.OrdinalIgnoreCase));

    private EngineAnswer? Composed(EngineRequest request, OfflineRequest asked, string id)
    {
        lock (_lock)
        {
            switch (request.Operation?.Name)
            {
                case "ContainerCreate" or "NetworkCreate" or "VolumeCreate" when JsonNode.Parse(asked.Body.Span) is JsonObject body:
                    var made = request.Operation.Object;
                    var name = made == ObjectKind.Container ? request.Query.Get("name") ?? id : body["Name"]?.GetValue<string>() ?? id;
                    _made.Add((made, id, name, body["Labels"]?.DeepClone() as JsonObject ?? [], body["Image"]?.GetValue<string>() ?? ""));
                    return null;
                case "ContainerList" or "NetworkList" or "VolumeList":
                    return EngineAnswer.List(request.Operation.Object, _made.Where(one => one.Kind == request.Operation.Object));
                case "NetworkInspect" or "VolumeInspect" or "ContainerInspect":
                    var found = _made.FindIndex(one => one.Kind == request.Operation.Object && (one.Id == request.Name || one.Name == request.Name));
                    return found < 0 ? new EngineAnswer(404, """{"message":"no such object"}""", []) : EngineAnswer.Made(_made[found]);
                default:
                    return null;
            }
        }
    }

    private string Note(OfflineRequest asked, EngineRequest request)
    {
        lock (_lock)
        {
            var id = $"{++_next:x4}{new string('e', 60)}";
            _requests.Add(asked);
            void Add(ObjectKind kind, string name) => _created.Add(new CreatedObject(new(kind, name), _requests.Count - 1));
            switch (request.Operation?.Name)
            {
                case "ContainerCreate":
                    Add(ObjectKind.Container, id);
                    Add(ObjectKind.Container, request.Query.Get("name") ?? "");
                    break;
                case "ContainerExec":
                    Add(ObjectKind.Exec, id);
                    break;
                case "NetworkCreate":
                    Add(ObjectKind.Network, id);
                    Add(ObjectKind.Network, EngineAnswer.NameIn(asked));
                    break;
                case "VolumeCreate":
                    Add(ObjectKind.Volume, EngineAnswer.NameIn(asked));
                    break;
                default:
                    break;
            }

            return id;
        }
    }

    /// <summary>A JSON body whole; of a tar the beginning, which no decision reads.</summary>
    private static async Task<byte[]> BodyAsync(Stream stream)
    {
        using var kept = new MemoryStream();
        var block = new byte[64 << 10];
        int read;
        while ((read = await stream.ReadAsync(block)) > 0)
        {
            if (kept.Length <= MostBody)
            {
                kept.Write(block, 0, read);
            }
        }

        return kept.ToArray();
    }
}
