using Gateway.EngineApi.Documents.Swarm;

namespace Gateway.EngineApi.Documents;

/// <summary>How the JSON body of one operation is read and written.</summary>
/// <param name="Document">The type of its document.</param>
/// <param name="WhenAbsent">The document that an absent body stands for; null where a body is due.</param>
internal sealed record BodyType(Type Document, Func<ReadOnlyMemory<byte>, object> Read, Func<object, byte[]> Write, Func<object>? WhenAbsent)
{
    /// <summary>The whole reading: bytes to document, or what an absent body, or the <c>null</c> of Go clients, stands for.</summary>
    /// <exception cref="RequestRefusedException">The body is missing where one is due, or cannot be read in exactly one way.</exception>
    public object ReadOrDefault(ReadOnlyMemory<byte> json) =>
        !json.IsEmpty && !(WhenAbsent is not null && json.Span.TrimEnd(" \t\r\n"u8).SequenceEqual("null"u8)) ? Read(json)
        : WhenAbsent is { } absent ? absent()
        : throw new RequestRefusedException(400, "the request has no body; send its JSON document");
}

/// <summary>Every JSON body that an engine reads, with its document: the one table (I12). A test holds it against the operations.</summary>
internal static class BodyCatalogue
{
    public static IReadOnlyDictionary<string, BodyType> All { get; } = new Dictionary<string, BodyType>(StringComparer.Ordinal)
    {
        ["ContainerCreate"] = Of<ContainerCreateBody>(),
        ["ContainerUpdate"] = Of<ContainerUpdateBody>(),
        ["ContainerExec"] = Of<ExecCreateBody>(),
        ["ContainerCopyLegacy"] = Of<ContainerCopyBody>(),
        ["ContainerCheckpointCreate"] = Of<CheckpointCreateBody>(),
        ["ExecStart"] = Of<ExecStartBody>(() => new ExecStartBody { Detach = false }),
        ["ImageCommit"] = Of<ContainerConfig>(() => new ContainerConfig()),
        ["SystemAuth"] = Of<AuthBody>(),
        ["NetworkCreate"] = Of<NetworkCreateBody>(),
        ["NetworkConnect"] = Of<NetworkConnectBody>(),
        ["NetworkDisconnect"] = Of<NetworkDisconnectBody>(),
        ["VolumeCreate"] = Of<VolumeCreateBody>(),
        ["VolumeUpdate"] = Of<VolumeUpdateBody>(),
        ["PluginPull"] = Of<List<PluginPrivilege>>(() => []),
        ["PluginUpgrade"] = Of<List<PluginPrivilege>>(() => []),
        ["PluginSet"] = Of<List<string>>(),
        ["SwarmInit"] = Of<SwarmInitBody>(),
        ["SwarmJoin"] = Of<SwarmJoinBody>(),
        ["SwarmUpdate"] = Of<SwarmSpec>(),
        ["SwarmUnlock"] = Of<SwarmUnlockBody>(),
        ["ServiceCreate"] = Of<ServiceSpec>(),
        ["ServiceUpdate"] = Of<ServiceSpec>(),
        ["NodeUpdate"] = Of<NodeSpec>(),
        ["SecretCreate"] = Of<SecretSpec>(),
        ["SecretUpdate"] = Of<SecretSpec>(),
        ["ConfigCreate"] = Of<ConfigSpec>(),
        ["ConfigUpdate"] = Of<ConfigSpec>(),
    };

    private static BodyType Of<T>(Func<T>? whenAbsent = null)
        where T : class => new(typeof(T), json => EngineBody.Read<T>(json.Span), document => EngineBody.Write((T)document), whenAbsent);
}
