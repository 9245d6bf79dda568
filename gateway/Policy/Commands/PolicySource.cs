using System.CommandLine;
using Gateway.Policy.Files;
using Gateway.Serve;

namespace Gateway.Policy.Commands;

/// <summary>Where a policy command finds its policies: DIR, or <c>--policies</c> with the default that serve has.</summary>
internal static class PolicySource
{
    private const string Default = "/etc/docker-gateway/policies";

    public static Argument<string> Folder() => new("DIR") { Description = "the folder that holds the policy files" };

    public static Option<string> Option() => new("--policies")
    {
        Description = $"folder of the policy files (default {Default})",
        DefaultValueFactory = _ => Environment.GetEnvironmentVariable("GATEWAY_POLICIES") is { Length: > 0 } given ? given : Default,
    };

    /// <summary>The policy, or null after every error was printed.</summary>
    public static AccessPolicy? Load(string dir, TextWriter error) => Load(dir, ServeCommand.PolicyOptions(), error);

    public static AccessPolicy? Load(string dir, PolicyLoadOptions options, TextWriter error)
    {
        var (policy, errors, _) = PolicyFolder.Load(dir, options);
        SourceExcerpt.Print(errors, error);
        return policy;
    }
}
