using Gateway.EngineApi.Documents;

namespace Gateway.Policy.Checks;

/// <summary>
/// Security options (grant <c>security-options</c>) by their exact canonical <c>key=value</c>, split where the engine splits them
/// (moby <c>daemon/daemon_unix.go parseSecurityOpt</c>: at the first <c>=</c>, else at the first <c>:</c>) and forwarded in that
/// form; giving up new privileges is free (I29). Masks of /proc and /sys stay as they are: even an empty list takes them away (I28).
/// </summary>
internal static class SecurityOptionCheck
{
    private const string NoNewPrivileges = "no-new-privileges=true";
    /// <summary>What a list of masked or read-only paths stands for.</summary>
    public const string Unmasked = "systempaths=unconfined";
    private static readonly string[] True = ["1", "t", "T", "TRUE", "true", "True"];
    private static readonly string[] False = ["0", "f", "F", "FALSE", "false", "False"];

    public static Check<ContainerCreateBody> OfCreate { get; } = new("security-options", "security-options", ["HostConfig.SecurityOpt"], Check);

    public static Check<ContainerCreateBody> OfMasks { get; } =
        new("system-paths", "security-options", ["HostConfig.MaskedPaths", "HostConfig.ReadonlyPaths"], CheckMasks);

    /// <summary>The options with new privileges given up; the role's own rule, whatever is granted.</summary>
    public static List<string> WithoutNewPrivileges(List<string>? options, CheckContext context)
    {
        if (options?.Exists(option => option.StartsWith("no-new-privileges", StringComparison.Ordinal) && Canonical(option) != NoNewPrivileges) == true)
        {
            context.Refuse("HostConfig.SecurityOpt", "this role runs nothing that could gain privileges; leave no-new-privileges on");
        }

        return [.. (options ?? []).Append(NoNewPrivileges).Distinct()];
    }

    public static bool GivesUpNewPrivileges(List<string> options) => options.Exists(option => Canonical(option) == NoNewPrivileges);

    private static void Check(ContainerCreateBody body, CheckContext context)
    {
        if (body.HostConfig!.SecurityOpt is not { } options)
        {
            return;
        }

        var canonical = new List<string>();
        foreach (var option in options)
        {
            if (Canonical(option) is not { } known)
            {
                context.Malformed("HostConfig.SecurityOpt", $"\"{CheckContext.Shown(option)}\" is not a security option");
                continue;
            }

            canonical.Add(known);
            if (known != NoNewPrivileges && !context.Grants.SecurityOptions.Contains(known))
            {
                context.NoGrant("HostConfig.SecurityOpt", "security option", known, context.Grants.SecurityOptions.Append("no-new-privileges=true"));
            }
        }

        body.HostConfig.SecurityOpt = [.. canonical.Distinct()];
    }

    private static void CheckMasks(ContainerCreateBody body, CheckContext context)
    {
        var host = body.HostConfig!;
        var field = host.MaskedPaths is not null ? "HostConfig.MaskedPaths" : "HostConfig.ReadonlyPaths";
        var paths = host.MaskedPaths ?? host.ReadonlyPaths;
        if (paths is not null && !context.Grants.SecurityOptions.Contains(Unmasked))
        {
            context.NoGrant(field, $"security option {Unmasked}, which the list stands for:", $"[{string.Join(", ", paths.Take(5))}]", context.Grants.SecurityOptions);
        }
    }

    /// <summary>The one spelling that stands for the option; null for what the engine does not know.</summary>
    public static string? Canonical(string option)
    {
        var at = option.IndexOf('=', StringComparison.Ordinal);
        at = at < 0 ? option.IndexOf(':', StringComparison.Ordinal) : at;
        if (at < 0)
        {
            return option switch
            {
                "no-new-privileges" or "writable-cgroups" => option + "=true",
                "disable" => "label=disable",
                _ => null,
            };
        }

        var (key, value) = (option[..at], option[(at + 1)..]);
        return key switch
        {
            "no-new-privileges" or "writable-cgroups" => True.Contains(value) ? key + "=true" : False.Contains(value) ? key + "=false" : null,
            "label" or "apparmor" or "seccomp" => $"{key}={value}",
            _ => null,
        };
    }
}
