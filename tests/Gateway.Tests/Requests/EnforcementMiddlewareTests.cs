using System.IO.Pipelines;
using System.Text;
using Gateway.EngineApi;
using Gateway.Policy;
using Gateway.Requests;
using Gateway.Tests.Objects.Support;
using Gateway.Wire;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging.Abstractions;
using Xunit;

namespace Gateway.Tests.Requests;

/// <summary>The one place that writes denials: nothing is forwarded, and a connection that is not to be trusted any further ends.</summary>
public sealed class EnforcementMiddlewareTests : IDisposable
{
    private const string Whole = "GET /info HTTP/1.1\r\nHost: x\r\n\r\n";
    private readonly CannedEngine engine = new();
    private bool forwarded;

    public void Dispose() => engine.Dispose();

    [Theory]
    [InlineData(nameof(DenyReason.NoRuleMatched), 403, Whole, false)]
    [InlineData(nameof(DenyReason.AuditFailed), 503, Whole, true)]
    [InlineData(nameof(DenyReason.RightsEnded), 403, Whole, true)]
    [InlineData(nameof(DenyReason.UnknownUser), 403, Whole, true)]
    [InlineData(nameof(DenyReason.Unidentified), 403, Whole, true)]
    [InlineData(nameof(DenyReason.MalformedRequest), 400, "GET /info HTTP/1.1\r\nHost: x\r\nHost: x\r\n\r\n", true)]
    [InlineData(nameof(DenyReason.MalformedRequest), 400, "POST /info HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\n", true)]
    public async Task WritesADenialAndForwardsNothing(string reason, int status, string head, bool closes)
    {
        var context = new DefaultHttpContext();
        var answer = new MemoryStream();
        context.Response.Body = answer;
        using var connection = new ClientConnection(PipeReader.Create(Stream.Null), PipeWriter.Create(Stream.Null), () => ValueTask.CompletedTask, () => { }, () => default);
        connection.Begin(RequestHeadParser.Parse(Encoding.ASCII.GetBytes(head)));
        context.Features.Set(connection);
        context.Features.Set(new EngineRequest { Id = "abc", Method = "GET", RawPath = "/info", Header = _ => null });
        context.Features.Set(new Verdict(Decision.Deny(Enum.Parse<DenyReason>(reason), status, "why"), null, null));
        var middleware = new EnforcementMiddleware(
            _ =>
            {
                forwarded = true;
                return Task.CompletedTask;
            },
            engine.Client,
            NullLogger<EnforcementMiddleware>.Instance);

        await middleware.InvokeAsync(context);

        Assert.False(forwarded);
        Assert.Equal(status, context.Response.StatusCode);
        Assert.Equal("""{"message":"why (request abc)"}""", Encoding.UTF8.GetString(answer.ToArray()).TrimEnd());
        Assert.Equal(closes, context.Response.Headers.Connection == "close");
    }
}
