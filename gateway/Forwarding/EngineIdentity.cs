using System.Globalization;

namespace Gateway.Forwarding;

/// <summary>How the engine names itself in the heads of each answer: what answers in its place have to look like.</summary>
/// <param name="Api">The minor number of its newest API version (1.51 is 51).</param>
internal sealed record EngineIdentity(int Api, IReadOnlyList<KeyValuePair<string, string>> Heads)
{
    private static readonly string[] Names = ["Api-Version", "Docker-Experimental", "Ostype", "Server"];

    /// <summary>What is taken for true until the engine has answered once.</summary>
    public static EngineIdentity Unknown { get; } = new(51, []);

    /// <returns>Null where the answer does not say.</returns>
    public static EngineIdentity? Of(HttpResponseMessage answer) =>
        answer.Headers.NonValidated.TryGetValues("Api-Version", out var version)
        && version.ToString().Split('.') is [_, var minor] && int.TryParse(minor, NumberStyles.None, CultureInfo.InvariantCulture, out var api)
            ? new EngineIdentity(api, [.. Names.Where(answer.Headers.NonValidated.Contains).Select(name => KeyValuePair.Create(name, answer.Headers.NonValidated[name].ToString()))])
            : null;
}
