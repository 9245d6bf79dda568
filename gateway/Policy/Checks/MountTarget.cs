namespace Gateway.Policy.Checks;

/// <summary>Places inside a container: absolute and clean; not the root, and not over /proc, /sys or /dev, whose masks keep the host safe.</summary>
internal static class MountTarget
{
    /// <summary>Without a slash at the end; null for what is not an absolute, clean path.</summary>
    public static string? Clean(string? path)
    {
        if (path is not ['/', _, ..] || path.Any(c => c == ':' || char.IsControl(c)))
        {
            return null;
        }

        var clean = path.EndsWith('/') ? path[..^1] : path;
        return clean.Length > 1 && !clean[1..].Split('/').Any(part => part is "" or "." or "..") ? clean : null;
    }

    public static void Check(string? target, string field, CheckContext context)
    {
        var clean = Clean(target);
        var first = clean?[1..].Split('/')[0];
        if (clean is null || first is "proc" or "sys" || (first == "dev" && clean != "/dev/shm"))
        {
            context.Refuse(field, $"\"{CheckContext.Shown(target ?? "")}\" is not a place in a container where something may be mounted");
        }
    }
}
