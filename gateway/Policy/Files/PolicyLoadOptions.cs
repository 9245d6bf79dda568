using Gateway.Policy.Files.Values;

namespace Gateway.Policy.Files;

/// <summary>What a policy is judged against besides its own text: this gateway's paths and this host's mounts.</summary>
internal sealed record PolicyLoadOptions
{
    /// <summary>Clean absolute paths never to be bound: the engine's and the gateway's sockets, keys, policies, audit log (threats.md rule B9).</summary>
    public IReadOnlyList<string> ProtectedPaths { get; init; } = [];

    /// <summary>The <c>limits:</c> of <c>gateway.yaml</c>.</summary>
    public DefaultLimits Limits { get; init; } = new();

    /// <summary>Whether set-uid programs and device nodes below a bind's source are powerless on the host; asked with the source as written.</summary>
    public Func<string, bool> IsMountedNoSuidNoDev { get; init; } = MountTable.IsNoSuidNoDevHere;

    /// <summary>
    /// What is said of unsigned files that others than root and this account can write: an error for a gateway that would obey
    /// them, a warning for commands that only read them.
    /// </summary>
    public bool OthersMayWrite { get; init; } = true;

    /// <summary>The signature that the files must carry; null where they need none.</summary>
    public PolicySignature? Signature { get; init; } = PolicySignature.FromEnvironment();
}
