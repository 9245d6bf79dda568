using System.Diagnostics.CodeAnalysis;
using System.Text.RegularExpressions;
using Gateway.EngineApi;

namespace Gateway.Policy.Files.Values;

/// <summary>
/// Labels that something on the host obeys: <c>traefik.*</c> for all that begin with <c>traefik.</c>, or one exact name. Compared
/// without case, as proxies read them. Those of well-known proxies, updaters and agents are reserved in every policy.
/// </summary>
internal static partial class LabelPrefix
{
    // Each of these has a daemon that routes, runs commands, restarts, backs up or reads files as a container's labels say.
    private static readonly string[] AlwaysReserved =
    [
        "traefik.*", "caddy*", "com.centurylinklabs.watchtower.*", "ofelia.*", "com.datadoghq.*", "co.elastic.*", "docker-volume-backup.*", "diun.*", "wud.*", "autoheal*",
        "io.portainer.*", "io.kubernetes.*", "com.docker.swarm.*", "com.docker.stack.*",
    ];

    // Says whose a container is: the engine's alone.
    private const string OfSwarm = "com.docker.swarm.";

    public static bool TryParse(string text, [NotNullWhen(true)] out string? value, [NotNullWhen(false)] out string? problem)
    {
        problem = text switch
        {
            _ when OwnerLabel.IsReserved(text) => $"{Quoted.Text(text)}: labels that start with \"{OwnerLabel.Prefix}\" are the gateway's own",
            _ when !Shape().IsMatch(text) => $"{Quoted.Text(text)} is not a label or the beginning of labels: write traefik.enable, or traefik.*",
            _ when text.StartsWith(OfSwarm, StringComparison.OrdinalIgnoreCase) || Covers(text, OfSwarm) => $"{Quoted.Text(text)}: a swarm's labels say whose a container is; they cannot be granted",
            _ => null,
        };
        value = problem is null ? text : null;
        return problem is null;
    }

    /// <summary>Whether the pattern stands for the label.</summary>
    public static bool Covers(string pattern, string label)
    {
        var folded = label.Trim();
        return pattern.EndsWith('*')
            ? folded.StartsWith(pattern[..^1], StringComparison.OrdinalIgnoreCase)
            : folded.Equals(pattern, StringComparison.OrdinalIgnoreCase);
    }

    /// <summary>Whether a label needs a grant: a built-in prefix, or one that some role of the policy is granted.</summary>
    public static bool IsReserved(string label, IReadOnlyList<string> grantedSomewhere) =>
        AlwaysReserved.Any(pattern => Covers(pattern, label)) || grantedSomewhere.Any(pattern => Covers(pattern, label));

    [GeneratedRegex(@"^[A-Za-z0-9]([A-Za-z0-9._/-]{0,126}\.\*|[A-Za-z0-9._/-]{0,127})\z", RegexOptions.CultureInvariant)]
    private static partial Regex Shape();
}
