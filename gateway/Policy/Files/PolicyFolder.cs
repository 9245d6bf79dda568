using Gateway.HostFiles;
using Gateway.Policy.Files.Yaml;

namespace Gateway.Policy.Files;

/// <summary>
/// Loads the policy files of one folder: every <c>*.yaml</c> but <c>*.test.yaml</c>, in ordinal order, merged and validated as
/// a whole. Either everything is valid, or there is no policy (I60).
/// </summary>
internal static class PolicyFolder
{
    public static PolicyLoadResult Load(string dir, PolicyLoadOptions options)
    {
        var findings = new Findings();
        var paths = List(dir, findings);
        var merged = new MergedFiles(options, findings);
        var unread = 0;
        var files = paths.Select(path => (Path: path, Bytes: YamlFile.ReadBytes(path, findings))).ToList();
        if (options.Signature?.Problem(files.Select(file => (Path.GetFileName(file.Path), file.Bytes ?? []))) is { } unsigned) findings.Error(SourcePosition.Whole(dir), unsigned);
        foreach (var (path, bytes) in files)
        {
            if (bytes is not null && YamlFile.Read(path, bytes, findings) is { } document) merged.Add(document);
            else unread++;
        }

        if (options.Signature is null) LookForWriters([dir, .. paths], options.OthersMayWrite ? findings.Warn : findings.Error);

        var policy = merged.Finish(everyFileWasRead: unread == 0);
        return new PolicyLoadResult(findings.ErrorCount == 0 ? policy : null, findings.Errors, findings.Warnings);
    }

    /// <summary>Whoever can write there makes the policy; a signature is what keeps them from it.</summary>
    private static void LookForWriters(IEnumerable<string> paths, Action<SourcePosition, string> say)
    {
        foreach (var path in paths)
        {
            using var handle = LinuxFile.Open(path);
            if (handle is null || LinuxFile.Stat(handle) is not { } stat) continue;
            if (stat.Owner != 0 && stat.Owner != LinuxFile.Account)
            {
                say(SourcePosition.Whole(path), "belongs to an account that could then change the policy; chown it to root, or sign the policies (gateway policy sign)");
            }
            else if (stat.WritableByOthers)
            {
                say(SourcePosition.Whole(path), "can be written by others than its owner, who could then change the policy; chmod go-w it, or sign the policies (gateway policy sign)");
            }
        }
    }

    /// <summary>The policy files of the folder, in their order.</summary>
    public static List<string> List(string dir, Findings findings)
    {
        var whole = SourcePosition.Whole(dir);
        try
        {
            var names = Directory.EnumerateFiles(dir).Select(path => Path.GetFileName(path)!).Where(IsVisible).Order(StringComparer.Ordinal).ToList();
            foreach (var name in names.Where(IsNearlyPolicy))
            {
                findings.Warn(SourcePosition.Whole(Path.Combine(dir, name)), "not read: only files named *.yaml are policy files");
            }

            foreach (var name in Directory.EnumerateDirectories(dir).Select(path => Path.GetFileName(path)!).Where(name => IsVisible(name) && IsPolicy(name)).Order(StringComparer.Ordinal))
            {
                findings.Warn(SourcePosition.Whole(Path.Combine(dir, name)), "not read: a folder; policy files lie in the named folder itself");
            }

            var policies = names.Where(IsPolicy).ToList();
            if (policies.Count == 0) findings.Error(whole, "holds no policy file (*.yaml)");
            return [.. policies.Select(name => Path.Combine(dir, name))];
        }
        catch (DirectoryNotFoundException)
        {
            findings.Error(whole, File.Exists(dir) ? "is a file; name the folder that holds it" : "no such folder");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            findings.Error(whole, "the folder cannot be read");
        }

        return [];
    }

    // Editors leave their locks and copies under names that begin with a dot.
    private static bool IsVisible(string name) => !name.StartsWith('.');

    private static bool IsPolicy(string name) =>
        name.EndsWith(".yaml", StringComparison.Ordinal) && !name.EndsWith(".test.yaml", StringComparison.Ordinal);

    private static bool IsNearlyPolicy(string name) =>
        !name.EndsWith(".yaml", StringComparison.Ordinal)
        && (name.EndsWith(".yml", StringComparison.OrdinalIgnoreCase) || name.EndsWith(".yaml", StringComparison.OrdinalIgnoreCase));
}
