using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;
using Yarp.ReverseProxy.Forwarder;

namespace Gateway.Forwarding;

/// <summary>
/// Writes the request to the engine from the <see cref="ForwardPlan"/> alone, and the answer from a list of heads.
/// Nothing is copied from the client but a streamed body.
/// </summary>
internal sealed class EngineTransformer(ForwardPlan plan) : HttpTransformer
{
    private static readonly string[] AnswerHeads =
    [
        HeaderNames.ContentType, "Api-Version", "Docker-Experimental", "Ostype", "Builder-Version", "Swarm", HeaderNames.Server,
        "X-Docker-Container-Path-Stat", HeaderNames.CacheControl, HeaderNames.Pragma,
    ];

    public override ValueTask TransformRequestAsync(
        HttpContext httpContext, HttpRequestMessage proxyRequest, string destinationPrefix, CancellationToken cancellationToken)
    {
        proxyRequest.Method = new HttpMethod(plan.Method);
        proxyRequest.RequestUri = EngineUri.Of(plan.Target);
        proxyRequest.Headers.Host = "docker";
        foreach (var (name, value) in plan.Headers)
        {
            proxyRequest.Headers.TryAddWithoutValidation(name, value);
        }

        if (proxyRequest.Content is { } content)
        {
            if (plan.ContentType is { } type)
            {
                content.Headers.TryAddWithoutValidation(HeaderNames.ContentType, type);
            }

            if (plan.Body is { } body)
            {
                content.Headers.ContentLength = body.Length;
            }
            else if (plan.RewriteUpload is null && httpContext.Request.ContentLength is { } length)
            {
                content.Headers.ContentLength = length;
            }
        }

        return default;
    }

    public override async ValueTask<bool> TransformResponseAsync(
        HttpContext httpContext, HttpResponseMessage? proxyResponse, CancellationToken cancellationToken)
    {
        if (proxyResponse is null)
        {
            return false;
        }

        var response = httpContext.Response;
        response.StatusCode = (int)proxyResponse.StatusCode;
        foreach (var name in AnswerHeads)
        {
            if (proxyResponse.Headers.NonValidated.TryGetValues(name, out var values)
                || proxyResponse.Content.Headers.NonValidated.TryGetValues(name, out values))
            {
                response.Headers[name] = values.ToString();
            }
        }

        var rewrite = response.StatusCode >= 300 ? plan.RewriteError : plan.RewriteAnswer;
        if (rewrite is not null && !HttpMethods.IsHead(plan.Method) && !HasNoBody(response.StatusCode))
        {
            var answer = await rewrite(
                new WholeAnswer(response.StatusCode, await EngineClient.ReadAsync(proxyResponse.Content, cancellationToken)), cancellationToken);
            response.StatusCode = answer.Status;
            response.ContentLength = answer.Body.Length;
            await response.Body.WriteAsync(answer.Body, cancellationToken);
            return false;
        }

        if (plan.RewriteElements is { } elements && response.StatusCode < 300)
        {
            var kept = await elements(await proxyResponse.Content.ReadAsStreamAsync(cancellationToken), cancellationToken);
            response.ContentLength = kept.Length;
            await response.Body.WriteAsync(kept, cancellationToken);
            return false;
        }

        if (plan.RewriteLine is { } keep && response.StatusCode < 300)
        {
            await response.Body.FlushAsync(cancellationToken);
            await JsonLines.CopyAsync(await proxyResponse.Content.ReadAsStreamAsync(cancellationToken), response.Body, keep, cancellationToken);
            return false;
        }

        if (proxyResponse.Content.Headers.ContentLength is { } length)
        {
            response.ContentLength = length;
        }
        else if (plan.LongAnswer)
        {
            // YARP would hold the head until the first byte of a body that may be hours away.
            await response.Body.FlushAsync(cancellationToken);
        }

        return true;
    }

    /// <summary>RFC 9110 §15.3.5, §15.4.5: a start of what runs, or a stop of what does not, is a 304.</summary>
    private static bool HasNoBody(int status) => status is StatusCodes.Status204NoContent or StatusCodes.Status304NotModified;
}
