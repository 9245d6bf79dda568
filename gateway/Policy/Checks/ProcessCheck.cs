using System.Text.RegularExpressions;
using Gateway.EngineApi;
using Gateway.EngineApi.Documents;

namespace Gateway.Policy.Checks;

/// <summary>What runs and as whom: user, labels, health check, what an image would make others run (threats §3.1; I31, I41).</summary>
internal static partial class ProcessCheck
{
    private const long Second = 1_000_000_000;

    /// <summary>Checks the config's fields and puts the owner's label on it.</summary>
    public static void Check(ContainerConfig config, CheckContext context)
    {
        config.Labels = Owned(config.Labels, "Labels", context);
        if (context.Unlimited)
        {
            return;
        }

        CheckUser(config.User, "User", context);
        Refuse(config.OnBuild is { Count: > 0 }, "OnBuild", "instructions for others' builds are never granted", context);
        Refuse(config.StopTimeout is < 0 or > 3600, "StopTimeout", "not from 0 to 3600 seconds", context);
        Refuse(config.ExposedPorts?.Keys.Any(port => !Port().IsMatch(port)) == true, "ExposedPorts", "not a port such as 80/tcp", context);
        Refuse(config.MacAddress is { Length: > 0 }, "MacAddress", "a MAC address of one's own choice is not granted", context);
        Refuse(config.Hostname is { Length: > 0 } host && !Host().IsMatch(host), "Hostname", "not a host name", context);
        Refuse(config.Healthcheck is { Interval: > 0 and < Second } or { StartInterval: > 0 and < Second }, "Healthcheck", "an interval under one second", context);
    }

    /// <summary>Under <c>user: non-root</c> only a plain number over 0 counts: names resolve in the image's own files.</summary>
    public static void CheckUser(string? user, string field, CheckContext context)
    {
        if (context.Grants.NonRoot && !context.Unlimited
            && (user is null || !NonRootUser().IsMatch(user) || user.Split(':').Any(id => long.Parse(id, System.Globalization.CultureInfo.InvariantCulture) > int.MaxValue)))
        {
            context.Refuse(field, "this role runs nothing as root: give a numeric user and group, as in 1000:1000");
        }
    }

    /// <summary>The caller's labels with the owner's; a caller's own label of the gateway's is refused.</summary>
    public static Dictionary<string, string> Owned(Dictionary<string, string>? labels, string field, CheckContext context)
    {
        foreach (var name in labels?.Keys.Where(OwnerLabel.IsReserved) ?? [])
        {
            context.Refuse(field, $"labels that start with \"{OwnerLabel.Prefix}\" are the gateway's own");
        }

        return new Dictionary<string, string>(labels ?? [], StringComparer.Ordinal) { [OwnerLabel.Name] = context.User };
    }

    private static void Refuse(bool found, string field, string message, CheckContext context)
    {
        if (found)
        {
            context.Refuse(field, message);
        }
    }

    [GeneratedRegex(@"\A[1-9][0-9]{0,9}(:[1-9][0-9]{0,9})?\z")]
    private static partial Regex NonRootUser();

    [GeneratedRegex(@"\A[0-9]{1,5}(-[0-9]{1,5})?(/(tcp|udp|sctp))?\z")]
    private static partial Regex Port();

    [GeneratedRegex(@"\A[A-Za-z0-9_][A-Za-z0-9_.-]{0,252}\z")]
    private static partial Regex Host();
}
