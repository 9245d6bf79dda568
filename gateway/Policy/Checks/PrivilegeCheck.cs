using Gateway.EngineApi.Documents;

namespace Gateway.Policy.Checks;

/// <summary>Privileged, capabilities, security options and masks (threats §3.2; I17, I18, I28, I29).</summary>
internal static class PrivilegeCheck
{
    public static void Check(HostConfig host, CheckContext context)
    {
        if (context.Unlimited)
        {
            return;
        }

        if (host.Privileged == true && !context.Grants.Privileged)
        {
            context.Refuse("HostConfig.Privileged", "no grant for privileged containers");
        }

        foreach (var capability in host.CapAdd ?? new TextOrList([]))
        {
            var name = capability.ToUpperInvariant();
            name = name.StartsWith("CAP_", StringComparison.Ordinal) ? name[4..] : name;
            if (!context.Grants.Capabilities.Contains(name))
            {
                context.Refuse("HostConfig.CapAdd", $"no grant for capability \"{name}\"");
            }
        }

        foreach (var option in host.SecurityOpt ?? [])
        {
            var canonical = Canonical(option);
            if (canonical != "no-new-privileges=true" && !context.Grants.SecurityOptions.Contains(canonical))
            {
                context.Refuse("HostConfig.SecurityOpt", $"no grant for security option \"{canonical}\"");
            }
        }

        if ((host.MaskedPaths is not null || host.ReadonlyPaths is not null) && !context.Grants.SecurityOptions.Contains("systempaths=unconfined"))
        {
            context.Refuse("HostConfig.MaskedPaths", "no grant for unmasked system paths");
        }
    }

    /// <summary>The engine splits at <c>=</c> or <c>:</c>, whichever it finds; both are written with <c>=</c> here.</summary>
    private static string Canonical(string option)
    {
        var at = option.AsSpan().IndexOfAny('=', ':');
        return at < 0
            ? option == "no-new-privileges" ? "no-new-privileges=true" : option
            : $"{option[..at]}={option[(at + 1)..]}";
    }
}
