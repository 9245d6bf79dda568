using System.Globalization;
using System.Net;
using System.Text;
using System.Text.Json;
using Gateway.EngineApi;
using Gateway.Forwarding;
using Gateway.Objects;
using Gateway.Policy;
using Microsoft.Extensions.Logging;

namespace Gateway.Limits;

/// <summary>
/// Keeps a user within a role's quota: count, create, count again, under the user's own lock, so that two creates never both see
/// the last place. Another gateway before the same engine has a lock of its own; the second count then finds both, and each
/// takes back its newest (threats §4.6, I50).
/// </summary>
internal sealed partial class QuotaGuard(UsageCounter counter, UserSlots slots, EngineClient engine, ILogger<QuotaGuard> logger)
{
    private const string Turn = "quota";
    private static readonly TimeSpan Retry = TimeSpan.FromSeconds(30);

    /// <summary>The user's turn; disposing it lets the next request count.</summary>
    public ValueTask<IDisposable> EnterAsync(string user, CancellationToken cancellationToken) => slots.EnterAsync(user, Turn, 1, cancellationToken);

    /// <summary>The plan that looks again when the engine has answered, or the denial of what there is no room for.</summary>
    public async Task<(ForwardPlan Plan, Decision? Denial)> CheckAsync(ForwardPlan plan, Verdict verdict, CancellationToken cancellationToken)
    {
        var context = verdict.Context!;
        var quota = context.Role.Quota!;
        var before = await counter.CountAsync(context.User, quota, context.Grants, cancellationToken);
        var added = QuotaDemand.Of(verdict, context, before);
        if ((before.Total + added).Over(quota, added) is { } over)
        {
            return (plan, Denial(over, verdict));
        }

        if (added == default)
        {
            return (plan, null);
        }

        async ValueTask<WholeAnswer> LookAgain(WholeAnswer answer)
        {
            // Whoever hangs up now must not keep what is over.
            if (answer.Status < 300 && (await counter.CountAsync(context.User, quota, context.Grants, CancellationToken.None)).Total.Over(quota, added) is { } overNow)
            {
                await UndoAsync(answer, context, before);
                throw new LimitReachedException(Denial(overNow, verdict));
            }

            return answer;
        }

        return (plan with
        {
            RewriteAnswer = async (answer, token) =>
            {
                var seen = await LookAgain(answer);
                return plan.RewriteAnswer is { } rewrite ? await rewrite(seen, token) : seen;
            },
        }, null);
    }

    private static Decision Denial(string over, Verdict verdict) =>
        Decision.Deny(DenyReason.QuotaExceeded, 429, $"the quota of role \"{verdict.Context!.Role.Name}\" is {over}; remove some first")
            .By(verdict.Context.Role.Name, verdict.Decision.Rule).RetryIn(Retry);

    private async Task UndoAsync(WholeAnswer answer, CheckContext context, CountedUsage before)
    {
        var made = context.Request.Operation!.Name == "ContainerUpdate" ? default : EngineClient.Parse(answer.Body);
        var status = context.Request.Operation.Name switch
        {
            "ContainerCreate" => await UndoContainerAsync(made, context),
            "VolumeCreate" => await engine.DeleteAsync($"/volumes/{PercentText.Encode(Json.String(made, "Name") ?? "")}", CancellationToken.None),
            "NetworkCreate" => await engine.DeleteAsync($"/networks/{Json.String(made, "Id")}", CancellationToken.None),
            "ContainerUpdate" => await RestoreAsync(before, context),
            _ => throw new InvalidOperationException($"{context.Request.Operation} makes nothing that could be undone"),
        };
        Log.TakenBack(logger, context.Request.Id, context.Request.Operation.Name, (int)status);
    }

    private async Task<HttpStatusCode> UndoContainerAsync(JsonElement made, CheckContext context)
    {
        var status = await engine.DeleteAsync($"/containers/{Json.String(made, "Id")}?force=1&v=1", CancellationToken.None);
        foreach (var volume in context.VolumesToCreate.Distinct())
        {
            await engine.DeleteAsync($"/volumes/{PercentText.Encode(volume)}", CancellationToken.None);
        }

        return status;
    }

    private async Task<HttpStatusCode> RestoreAsync(CountedUsage before, CheckContext context)
    {
        var id = context.Find(ObjectKind.Container, context.Request.Name!)!.Id;
        var host = Json.Member(before.Containers[id], "HostConfig");
        string[] names = ["Memory", "MemorySwap", "NanoCpus", "CpuQuota", "CpuPeriod"];
        var body = string.Join(',', names.Select(name => string.Create(CultureInfo.InvariantCulture, $"\"{name}\":{(Json.Member(host, name).TryGetInt64(out var value) ? value : 0)}")));
        return (await engine.PostAsync($"/containers/{id}/update", Encoding.ASCII.GetBytes($"{{{body}}}"), CancellationToken.None)).Status;
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Warning, "Request \"{RequestId}\": what \"{Operation}\" made went over the quota at the second count and was taken back (the engine answered {Status})")]
        public static partial void TakenBack(ILogger logger, string requestId, string operation, int status);
    }
}
