using System.Security.Cryptography;
using Gateway.EngineApi;
using Gateway.EngineApi.Documents;
using Gateway.Wire;
using Microsoft.AspNetCore.Http;

namespace Gateway.Requests;

/// <summary>Reads a request's head into an <see cref="EngineRequest"/>, and its body with a bound. Never answers: what cannot be read is a fact for the decision.</summary>
internal static class RequestReader
{
    private static readonly TimeSpan BodyTimeout = TimeSpan.FromSeconds(30);

    public static EngineRequest Read(RequestHead head)
    {
        var path = head.Target.Split('?')[0];
        var request = new EngineRequest
        {
            Id = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(8)),
            Method = head.Method,
            RawPath = path,
            Header = head.Header,
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
            CheckContentType(request);
            return request with { Query = EngineQuery.Parse(target.RawQuery, match.Operation) };
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
        if (request.Operation!.Body != BodyKind.Json || !request.HasBody)
        {
            return [];
        }

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

        return buffer.ToArray();
    }

    /// <summary>No form content type ever (I9); JSON where JSON is due; nothing where nothing is.</summary>
    private static void CheckContentType(EngineRequest request)
    {
        var type = request.ContentType?.Split(';')[0].Trim().ToLowerInvariant() ?? "";
        var kind = request.Operation!.Body;
        var charset = request.ContentType?.Split(';').Skip(1).Select(p => p.Trim().ToLowerInvariant()).FirstOrDefault(p => p.Length > 0);
        if (type is "application/x-www-form-urlencoded" or "multipart/form-data")
        {
            throw new RequestRefusedException(400, "a form is no body that the Engine API has; use the query or JSON");
        }

        if (!request.HasBody)
        {
            return;
        }

        if (kind is BodyKind.None or BodyKind.Grpc || (kind == BodyKind.Raw && request.Operation.Name != "ImageCreate"))
        {
            throw new RequestRefusedException(400, $"{request.Operation} has no body");
        }

        if (kind == BodyKind.Json && (type != "application/json" || charset is not (null or "charset=utf-8" or "charset=\"utf-8\"")))
        {
            throw new RequestRefusedException(400, "the body's Content-Type is not application/json in UTF-8");
        }
    }
}
