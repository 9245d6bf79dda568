using System.Globalization;
using System.Text;
using Gateway.Forwarding;
using Gateway.Wire;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Gateway.Tunnel;

/// <summary>
/// Runs the hijacked streams: the engine is asked first, and only when it has agreed does the client get its answer's head.
/// An engine that refuses is answered as an ordinary call would be.
/// </summary>
internal sealed class TunnelMiddleware(RequestDelegate next, EngineConnections connections)
{
    private const int MaxRefusal = 1 << 20;

    public async Task InvokeAsync(HttpContext context)
    {
        var plan = context.Features.GetRequiredFeature<ForwardPlan>();
        if (plan.Upgrade is null)
        {
            await next(context);
            return;
        }

        await using var engine = await EngineStream.OpenAsync(connections.Endpoint, plan, context.RequestAborted);
        var head = await EngineResponseHead.ReadAsync(engine.Input, context.RequestAborted);
        var connection = context.Features.GetRequiredFeature<ClientConnection>();
        if (head.Status != StatusCodes.Status101SwitchingProtocols)
        {
            connection.Decided();
            await AnswerAsync(context, plan, engine, head);
            return;
        }

        var stream = context.Features.GetRequiredFeature<OpenStream>();
        var client = connection.Hijack();
        try
        {
            await client.Output.WriteAsync(Encoding.ASCII.GetBytes(Accept(head, plan, connection.Head.WantsUpgrade)), client.Vanished);
        }
        catch (Exception e) when (e is OperationCanceledException or IOException)
        {
            context.Features.Set(new TunnelResult(TunnelEnd.ClientVanished));
            return;
        }

        context.Features.Set(new TunnelResult(await TunnelCopier.RunAsync(
            client.Input, client.Output, client.ShutdownOutput, engine, stream, client.Vanished)));
    }

    /// <summary>The head for the client: 101 where it asked for an upgrade, else 200 and the raw stream (moby, hijackedConn).</summary>
    private static string Accept(EngineResponseHead head, ForwardPlan plan, bool upgrade)
    {
        var text = new StringBuilder();
        if (!upgrade)
        {
            return "HTTP/1.1 200 OK\r\nContent-Type: application/vnd.docker.raw-stream\r\n\r\n";
        }

        text.Append(plan.Upgrade == "tcp" ? "HTTP/1.1 101 UPGRADED\r\n" : "HTTP/1.1 101 Switching Protocols\r\n");
        foreach (var name in (string[])["Content-Type", "Api-Version", "Docker-Experimental", "Ostype", "Server", "Sec-WebSocket-Accept", "Sec-WebSocket-Protocol"])
        {
            if (head.Header(name) is { } value)
            {
                text.Append(CultureInfo.InvariantCulture, $"{name}: {value}\r\n");
            }
        }

        return text.Append(CultureInfo.InvariantCulture, $"Connection: Upgrade\r\nUpgrade: {plan.Upgrade}\r\n\r\n").ToString();
    }

    private static async Task AnswerAsync(HttpContext context, ForwardPlan plan, EngineStream engine, EngineResponseHead head)
    {
        var body = await EngineRefusal.ReadAsync(engine.Input, head, MaxRefusal, context.RequestAborted);
        var answer = new WholeAnswer(head.Status, body);
        answer = head.Status >= 300 && plan.RewriteError is { } rewrite ? await rewrite(answer, context.RequestAborted) : answer;
        context.Response.StatusCode = answer.Status;
        context.Response.ContentType = plan.RewriteError is not null || head.Header("Content-Type") is not { } type ? "application/json" : type;
        context.Response.ContentLength = answer.Body.Length;
        await context.Response.Body.WriteAsync(answer.Body, context.RequestAborted);
    }
}
