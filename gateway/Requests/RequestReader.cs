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
            return request with { Query = EngineQuery.Parse(target.RawQuery, match.Operation), RegistryAuth = RegistryAuth.Read(match.Operation, head.Header) };
        }
        catch (RequestRefusedException e)
        {
            return request with { Refusal = e };
        }
    }

    /// <summary>The whole JSON body; empty where the operation streams its body or has none.</summary>
    /// <exception cref="RequestRefusedException">Too long, too slow, or not where a body is due.</exception>
    public static async Task<byte[]> ReadBodyAsync(HttpContext context, EngineRequest request)
    {
        var isPush = request.Operation!.Name == "ImagePush";
        if (!request.HasBody || (request.Operation.Body != BodyKind.Json && !isPush))
        {
            return [];
        }

        context.Features.Get<IHttpMinRequestBodyDataRateFeature>()?.MinDataRate = MinRate;

        using var timeout = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted);
        timeout.CancelAfter(BodyTimeout);
        using var buffer = new MemoryStream();
        var block = new byte[16 << 10];
        try
        {
            int read;
            while ((read = await context.Request.Body.ReadAsync(block, timeout.Token)) > 0)
            {
                buffer.Write(block, 0, read);
                if (buffer.Length > EngineBody.MaxBytes)
                {
                    throw new RequestRefusedException(413, $"the body is longer than {EngineBody.MaxBytes >> 20} MiB");
                }
            }
        }
        catch (Exception e) when (e is IOException or BadHttpRequestException or OperationCanceledException)
        {
            var defect = context.Features.Get<ClientConnection>()?.BodyDefect;
            throw new RequestRefusedException(400, defect?.Message ?? "the body did not arrive whole within 30 s");
        }

        if (isPush)
        {
            CheckNothing(buffer.ToArray());
            return [];
        }

        return buffer.ToArray();
    }

    /// <summary>The empty object that Python's client sends with a push. Old engines read credentials there, which is done by the head now.</summary>
    private static void CheckNothing(byte[] json)
    {
        if (EngineBody.Write(EngineBody.Read<AuthBody>(json)).Length > 2)
        {
            throw new RequestRefusedException(400, "a push has no body; send credentials in header X-Registry-Auth");
        }
    }
}
