using System.Text.RegularExpressions;
using Gateway.EngineApi.Documents;

namespace Gateway.Policy.Checks;

/// <summary>
/// The process's plain settings, bounded so that they cost the engine nothing for ever (threats §3.1): a stop within an hour by a
/// signal that there is, host names of DNS's charset, no instructions for others' builds.
/// </summary>
internal static partial class ProcessCheck
{
    private const int MaxStopSeconds = 3600;

    public static Check<ContainerCreateBody> OfCreate { get; } = new("process", null, ["StopTimeout", "StopSignal", "Hostname", "Domainname", "OnBuild"], Check);

    public static Check<ContainerConfig> OfCommit { get; } = new("process", null, ["StopTimeout", "StopSignal", "Hostname", "Domainname", "OnBuild"], Check);

    /// <summary>The path names the container; a second name that some clients send is not forwarded.</summary>
    public static Check<ExecCreateBody> OfExecContainer { get; } = new("exec-container", null, ["Container"], (body, _) => body.Container = null) { ForEveryone = true };

    private static void Check(ContainerConfig config, CheckContext context)
    {
        if (config.StopTimeout is < 0 or > MaxStopSeconds)
        {
            context.Refuse("StopTimeout", $"a stop waits from 0 to {MaxStopSeconds} seconds, not {config.StopTimeout}");
        }

        if (config.StopSignal is { Length: > 0 } signal && !SignalCheck.IsKnown(signal))
        {
            context.Malformed("StopSignal", $"\"{CheckContext.Shown(signal)}\" is not a signal");
        }

        foreach (var (field, name) in (ReadOnlySpan<(string, string?)>)[("Hostname", config.Hostname), ("Domainname", config.Domainname)])
        {
            if (name is { Length: > 0 } && !HostName().IsMatch(name))
            {
                context.Malformed(field, $"\"{CheckContext.Shown(name)}\" is not a host name");
            }
        }

        if (config.OnBuild is { Count: > 0 })
        {
            context.Never("OnBuild", null, "it runs in the builds of whoever uses the image");
        }
    }

    [GeneratedRegex(@"\A[A-Za-z0-9_]([A-Za-z0-9_.-]{0,251}[A-Za-z0-9_])?\z", RegexOptions.CultureInvariant)]
    private static partial Regex HostName();
}
