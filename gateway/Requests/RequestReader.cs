using System.Security.Cryptography;
using Gateway.EngineApi;
using Gateway.EngineApi.Documents;
using Gateway.Wire;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core.Features;
using BadHttpRequestException = Microsoft.AspNetCore.Http.BadHttpRequestException;
using MinDataRate = Microsoft.AspNetCore.Server.Kestrel.Core.MinDataRate;

namespace Gateway.Requests;

/// <summary>Reads a request's head into an <see cref="EngineRequest"/>, and its body with a bound. Never answers: what cannot be read is a fact for the decision.</summary>
internal static class RequestReader
{
    private static readonly TimeSpan BodyTimeout = TimeSpan.FromSeconds(30);

    // What clients write fits into it by far.
    private const int LongBody = 64 << 10;

    // A JSON body is small: who sends it slower than a modem holds a place for nothing (threats §8).
    private static readonly MinDataRate MinRate = new(bytesPerSecond: 240, gracePeriod: TimeSpan.FromSeconds(5));

    public static EngineRequest Read(RequestHead head)
    {
        var path = head.Target.Split('?')[0];
        var request = new EngineRequest
        {
            Id = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(8)),
            Method = head.Method,
            RawPath = path,
            Header = head.Header,
            Headers = head.All,
            ContentType = head.Header("Content-Type"),
            HasBody = head.HasBody,
            WantsUpgrade = head.WantsUpgrade,
        };
        if (head.Defect is { } defect)
        {
            return request with { Refusal = new RequestRefusedException(defect.Status, defect.Message) };
        }

        try
        {
            var target = EnginePath.Parse(head.Target);
            if (EngineRoutes.Match(head.Method, target) is not { } match)
            {
                return request with { Refusal = new RequestRefusedException(404, "page not found") };
            }

            request = request with { Operation = match.Operation, Version = target.Version, Name = match.Name, SecondName = match.Second };
            RequestContentType.Check(match.Operation, request.ContentType, head.HasBody);
            CheckOrigin(match.Operation, head);
            return request with { Query = EngineQuery.Parse(target.RawQuery, match.Operation), RegistryAuth = RegistryAuth.Read(match.Operation, head.Header) };
        }
        catch (RequestRefusedException e)
        {
            return request with { Refusal = e };
        }
    }

    /// <summary>
    /// The whole JSON body; empty where the operation streams its body or has none. Whoever sends much sends few of them at once: a body is
    /// kept until its request has ended (threats §8, I64).
    /// </summary>
    /// <param name="enter">Waits for a place among the caller's long bodies.</param>
    /// <exception cref="RequestRefusedException">Too long, too slow, or not where a body is due.</exception>
    public static async Task<byte[]> ReadBodyAsync(HttpContext context, EngineRequest request, Func<CancellationToken, ValueTask<IDisposable>> enter)
    {
        var isRepeated = RepeatedQuery.MayCome(request.Operation!);
        if (!request.HasBody || (request.Operation!.Body != BodyKind.Json && !isRepeated))
        {
            return [];
        }

        context.Features.Get<IHttpMinRequestBodyDataRateFeature>()?.MinDataRate = MinRate;

        using var timeout = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted);
        timeout.CancelAfter(BodyTimeout);
        using var buffer = new MemoryStream();
        var block = new byte[16 << 10];
        var most = isRepeated ? RepeatedQuery.MaxBytes : EngineBody.MaxBytes;
        IDisposable? place = null;
        try
        {
            int read;
            while ((read = await context.Request.Body.ReadAsync(block, timeout.Token)) > 0)
            {
                if (buffer.Length + read > most)
                {
                    throw new RequestRefusedException(413, $"the body is longer than {most >> 10} KiB");
                }

                if (place is null && buffer.Length + read > LongBody)
                {
                    place = await enter(timeout.Token);
                    context.Response.RegisterForDispose(place);
                }

                buffer.Write(block, 0, read);
            }
        }
        catch (Exception e) when (e is IOException or BadHttpRequestException or OperationCanceledException)
        {
            var defect = context.Features.Get<ClientConnection>()?.BodyDefect;
            throw new RequestRefusedException(400, defect?.Message ?? "the body did not arrive whole within 30 s");
        }

        if (!isRepeated)
        {
            return buffer.ToArray();
        }

        RepeatedQuery.Check(buffer.ToArray(), request.Operation);
        return [];
    }

    /// <summary>
    /// A web page can have a browser that holds a client's certificate send what changes something, or open a websocket, and the engine takes
    /// any page's (threats §5); a browser says whose it is.
    /// </summary>
    private static void CheckOrigin(EngineOperation operation, RequestHead head)
    {
        if (head.Header("Origin") is { } origin && (operation.Method is not ("GET" or "HEAD") || operation.Stream == StreamKind.Hijack)
            && !origin[(origin.IndexOf("://", StringComparison.Ordinal) is >= 0 and var at ? at + 3 : 0)..].Equals(head.Header("Host"), StringComparison.OrdinalIgnoreCase))
        {
            throw new RequestRefusedException(400, "header Origin names another site than header Host: a web page's request is not taken");
        }
    }
}
