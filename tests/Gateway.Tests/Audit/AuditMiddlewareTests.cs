using Gateway.Audit;
using Gateway.EngineApi;
using Gateway.Identity;
using Gateway.Policy;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging.Abstractions;
using Xunit;

namespace Gateway.Tests.Audit;

public sealed class AuditMiddlewareTests
{
    [Fact]
    public async Task I62_DeniesWhatCannotBeRecorded()
    {
        var context = new DefaultHttpContext();
        context.Features.Set(new ClientIdentity("alice", [], null, "127.0.0.1:1", null));
        context.Features.Set(new EngineRequest { Id = "1", Method = "GET", RawPath = "/info", Operation = OperationCatalogue.Get("SystemInfo"), Header = _ => null });
        context.Features.Set(new Verdict(Decision.Allow("r", "x"), null, null));
        using var full = AuditLog.Open("/dev/full");
        Decision? enforced = null;
        var middleware = new AuditMiddleware(
            next =>
            {
                enforced = next.Features.Get<Verdict>()!.Decision;
                return Task.CompletedTask;
            },
            full,
            TimeProvider.System,
            NullLogger<AuditMiddleware>.Instance);

        await middleware.InvokeAsync(context);

        Assert.Equal((false, DenyReason.AuditFailed, 503), (enforced!.Allowed, enforced.Reason, enforced.Status));
    }
}
