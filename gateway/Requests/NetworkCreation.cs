using System.Net;
using Gateway.EngineApi;
using Gateway.Forwarding;
using Gateway.Objects;

namespace Gateway.Requests;

/// <summary>
/// Makes a network that is the only one of its name. Older engines (20.10) look for the name before they take it, and so give two of one name
/// to two who ask at once: containers keep names, and which network they then join would be open (threats §3.3, §4.2).
/// </summary>
internal sealed class NetworkCreation(EngineClient engine)
{
    /// <param name="target">Path and query, written anew.</param>
    /// <param name="narrow">What the caller may see of the engine's error.</param>
    public async ValueTask<WholeAnswer> RunAsync(string target, byte[] body, string name, AnswerRewrite narrow, CancellationToken cancellationToken)
    {
        // Whoever hangs up now must not keep what is one of two.
        var (status, answer) = await engine.PostAsync(target, body, CancellationToken.None);
        if (status != HttpStatusCode.Created)
        {
            return await narrow(new WholeAnswer((int)status, answer), cancellationToken);
        }

        var id = Json.String(EngineClient.Parse(answer), "Id") ?? throw new EngineAnswerException("the engine's answer to a create has no id");
        var networks = engine.ListAsync(ObjectKind.Network, null, skipTooLong: false, CancellationToken.None);
        if (!await networks.AnyAsync(other => other.Name == name && other.Id != id, CancellationToken.None))
        {
            return new WholeAnswer((int)status, answer);
        }

        await engine.DeleteAsync($"/networks/{id}", CancellationToken.None);
        return new WholeAnswer((int)HttpStatusCode.Conflict, EngineError.Body(TakenName.Message(ObjectKind.Network, name)));
    }
}
