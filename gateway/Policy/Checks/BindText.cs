using Gateway.EngineApi.Documents;

namespace Gateway.Policy.Checks;

/// <summary>Reads one text of <c>Binds</c> as the engine does (moby <c>volume/mounts/linux_parser.go</c>): path, volume or anonymous volume.</summary>
internal static class BindText
{
    /// <summary>The mount that means the same, or null after a refusal.</summary>
    public static Mount? Parse(string text, CheckContext context)
    {
        var parts = text.Split(':');
        if (parts.Length is 0 or > 3 || parts.Any(part => part.Length == 0))
        {
            context.Malformed("HostConfig.Binds", $"\"{CheckContext.Shown(text)}\" is not SOURCE:TARGET[:MODES]");
            return null;
        }

        if (parts.Length == 1)
        {
            return new Mount { Type = "volume", Target = parts[0] };
        }

        var modes = parts.Length == 3 ? parts[2].Split(',') : [];
        var isPath = parts[0].StartsWith('/');
        var unknown = modes.FirstOrDefault(mode => mode is not ("rw" or "ro" or "private" or "rprivate" or "consistent" or "cached" or "delegated")
            && !(mode == "nocopy" && !isPath) && !context.Unlimited);
        if (unknown is not null)
        {
            var why = unknown is "z" or "Z" ? "relabels for SELinux, which is for root-equivalent roles; leave it out, a named volume needs none"
                : $"is not granted; ro, rw, private{(isPath ? "" : ", nocopy")} are";
            context.Refuse("HostConfig.Binds", $"mode \"{CheckContext.Shown(unknown)}\" of bind \"{CheckContext.Shown(text)}\" {why}");
            return null;
        }

        if (modes.Contains("rw") && modes.Contains("ro"))
        {
            context.Malformed("HostConfig.Binds", $"\"{CheckContext.Shown(text)}\" is read-write and read-only");
            return null;
        }

        return new Mount
        {
            Type = isPath ? "bind" : "volume",
            Source = parts[0],
            Target = parts[1],
            ReadOnly = modes.Contains("ro"),
            VolumeOptions = isPath ? null : new VolumeOptions { NoCopy = modes.Contains("nocopy") },
        };
    }
}
