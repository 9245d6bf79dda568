using System.IO.Pipelines;
using Gateway.Identity;
using Gateway.Limits;
using Gateway.Policy;
using Gateway.Requests;
using Gateway.Tests.Identity.Support;
using Gateway.Tests.Trust.Support;
using Gateway.Tests.Wire.Support;
using Gateway.Trust;
using Gateway.Wire;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging.Abstractions;
using Xunit;

namespace Gateway.Tests.Requests;

public sealed class DecisionMiddlewareTests : IDisposable
{
    private readonly TrustFolder folder = new();

    public void Dispose() => folder.Dispose();

    /// <summary>Nothing to look anything up with: whatever is thrown on the way to a decision is none.</summary>
    [Fact]
    public async Task I51_DeniesWhereDecidingFails()
    {
        var time = new ManualTime();
        time.Advance(TestAuthority.Now - time.GetUtcNow());
        var context = new DefaultHttpContext();
        using var connection = new ClientConnection(PipeReader.Create(Stream.Null), PipeWriter.Create(Stream.Null), () => ValueTask.CompletedTask, () => { }, () => default);
        connection.Begin(RequestHeadParser.Parse("GET /v1.41/containers/web/logs?stdout=1 HTTP/1.1\r\nHost: x\r\n\r\n"u8));
        context.Features.Set(connection);
        context.Features.Set(new ClientCredential(folder.Authority.Issue(CertificateDraft.Client()), "test"));
        var middleware = new DecisionMiddleware(
            _ => Task.CompletedTask, new CurrentTrust(folder.Whole(), TestAuthority.Now), null!, null!, null!, new RequestRates(time), new UserSlots(), time, NullLogger<DecisionMiddleware>.Instance);

        await middleware.InvokeAsync(context);

        var decision = context.Features.Get<Verdict>()!.Decision;
        Assert.Equal((false, DenyReason.EvaluationFailed, 500), (decision.Allowed, decision.Reason, decision.Status));
    }
}
