using Gateway.EngineApi;
using Gateway.Policy;
using Gateway.Tunnel;
using Gateway.Wire;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Logging;
using Yarp.ReverseProxy.Forwarder;

namespace Gateway.Forwarding;

/// <summary>
/// One line for a transfer that broke off, by whose doing it was: an upload that its client left or spoiled is worth a look, a client that
/// leaves a log or the events is everyday, an answer that the engine broke off is the engine's trouble. YARP's own lines have the
/// stack, and are shown with <c>--debug</c>.
/// </summary>
internal sealed partial class BrokenTransfers(ILogger<BrokenTransfers> logger)
{
    public void Tell(HttpContext context, ForwardPlan plan, ForwarderError error, Exception? cause)
    {
        var request = context.Features.GetRequiredFeature<EngineRequest>();
        var (operation, user) = (request.Operation!.Name, context.Features.Get<Verdict>()?.Context?.User);
        if (context.Features.Get<ClientConnection>()?.BodyDefect is { } defect)
        {
            Log.UploadSpoiled(logger, request.Id, operation, user, defect.Message);
        }
        else if (context.Features.Get<OpenStream>()?.CutBecause is not null)
        {
            // Whoever cut it has said so.
        }
        else if (context.RequestAborted.IsCancellationRequested && plan.StreamsBody)
        {
            Log.UploadLeft(logger, request.Id, operation, user);
        }
        else if (context.RequestAborted.IsCancellationRequested)
        {
            Log.AnswerLeft(logger, request.Id, operation, user);
        }
        else if (context.Response.HasStarted)
        {
            Log.AnswerBroken(logger, request.Id, operation, user, error, cause?.Message);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Information, "Request \"{RequestId}\": the upload of {Operation} of user \"{User}\" broke off: {Defect}")]
        public static partial void UploadSpoiled(ILogger logger, string requestId, string operation, string? user, string defect);

        [LoggerMessage(2, LogLevel.Information, "Request \"{RequestId}\": user \"{User}\" left in the middle of the upload of {Operation}")]
        public static partial void UploadLeft(ILogger logger, string requestId, string operation, string? user);

        [LoggerMessage(3, LogLevel.Debug, "Request \"{RequestId}\": user \"{User}\" left before the answer to {Operation} had ended")]
        public static partial void AnswerLeft(ILogger logger, string requestId, string operation, string? user);

        [LoggerMessage(4, LogLevel.Warning, "Request \"{RequestId}\": the engine's answer to {Operation} of user \"{User}\" broke off ({Error}): {Cause}")]
        public static partial void AnswerBroken(ILogger logger, string requestId, string operation, string? user, ForwarderError error, string? cause);
    }
}
