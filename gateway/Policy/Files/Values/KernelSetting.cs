using System.Diagnostics.CodeAnalysis;
using System.Text.RegularExpressions;

namespace Gateway.Policy.Files.Values;

/// <summary>Exact names of what changes a container's kernel side: sysctls, security options, runtimes (threats.md §3.2).</summary>
internal static partial class KernelSetting
{
    private static readonly string[] SecurityKeys = ["apparmor", "seccomp", "label", "no-new-privileges", "writable-cgroups", "systempaths"];

    public static bool TryParseSysctl(string text, [NotNullWhen(true)] out string? value, [NotNullWhen(false)] out string? problem) =>
        Judge(NamespacedSysctl().IsMatch(text), text, "is not a sysctl of a container's own namespaces (net.*, fs.mqueue.*, kernel.shm*, kernel.msg*, kernel.sem)", out value, out problem);

    /// <summary>The engine's <c>key=value</c> form alone; a request's <c>key:value</c> is judged as that.</summary>
    public static bool TryParseSecurityOption(string text, [NotNullWhen(true)] out string? value, [NotNullWhen(false)] out string? problem)
    {
        var key = SecurityOption().Match(text).Groups["key"].Value;
        if (key.Length > 0 && !SecurityKeys.Contains(key))
        {
            (value, problem) = (null, $"unknown security option {Quoted.Text(key)}{Spelling.Hint(key, SecurityKeys)}");
            return false;
        }

        return Judge(key.Length > 0, text, "is not a security option: write key=value, as in label=disable", out value, out problem);
    }

    /// <summary>A name that the engine's configuration gives; a path or shim would let the policy's reader wonder what runs as root.</summary>
    public static bool TryParseRuntime(string text, [NotNullWhen(true)] out string? value, [NotNullWhen(false)] out string? problem) =>
        Judge(RuntimeName().IsMatch(text), text, "is not the name of a runtime", out value, out problem);

    private static bool Judge(bool valid, string text, string complaint, [NotNullWhen(true)] out string? value, [NotNullWhen(false)] out string? problem)
    {
        value = valid ? text : null;
        problem = valid ? null : $"{Quoted.Text(text)} {complaint}";
        return valid;
    }

    [GeneratedRegex(@"^(kernel\.(msgmax|msgmnb|msgmni|sem|shmall|shmmax|shmmni|shm_rmid_forced)|(fs\.mqueue|net)(\.[A-Za-z0-9_-]+)+)\z", RegexOptions.CultureInvariant)]
    private static partial Regex NamespacedSysctl();

    [GeneratedRegex(@"^(?<key>[a-z][a-z-]*)=[A-Za-z0-9_.:,-]+\z", RegexOptions.CultureInvariant)]
    private static partial Regex SecurityOption();

    [GeneratedRegex(@"^[A-Za-z0-9][A-Za-z0-9_.-]{0,63}\z", RegexOptions.CultureInvariant)]
    private static partial Regex RuntimeName();
}
