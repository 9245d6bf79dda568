using Gateway.Policy.Files;

namespace Gateway.Tests.Policy.Files.Support;

/// <summary>A folder of policy files for one test, on a host where nothing is mounted nosuid; gone with it.</summary>
internal sealed class PolicyDirectory : IDisposable
{
    public static PolicyLoadOptions OrdinaryHost { get; } = new() { IsMountedNoSuidNoDev = _ => false };

    public string Root { get; } = Directory.CreateTempSubdirectory("policy-").FullName;

    public string Write(string name, string text)
    {
        var path = Path.Combine(Root, name);
        File.WriteAllText(path, text);
        return path;
    }

    public PolicyLoadResult Load(PolicyLoadOptions? options = null) => PolicyFolder.Load(Root, options ?? OrdinaryHost);

    /// <summary>The errors as printed, without the folder.</summary>
    public string[] Errors(PolicyLoadOptions? options = null) =>
        [.. Load(options).Errors.Select(e => e.ToString().Replace(Root + "/", "", StringComparison.Ordinal))];

    public void Dispose() => Directory.Delete(Root, recursive: true);
}
