namespace Gateway.EngineApi.Documents;

/// <summary>What a name that no engine reads may be given.</summary>
internal enum ClientValue
{
    /// <summary>Null, zero, false, or an empty text, list or structure.</summary>
    Nothing,

    /// <summary>Any text, besides.</summary>
    Text,

    /// <summary>Credentials for a registry, besides.</summary>
    Credentials,

    /// <summary>Whatever it is: it stands in the query too, and is judged there, or is the client's own business.</summary>
    Anything,
}

/// <summary>
/// Names that client libraries and old clients write and that no engine from API 1.24 on reads: taken in exactly that spelling with values
/// that ask for nothing, and never forwarded. Every other unknown name is refused (I12).
/// </summary>
internal static class ClientNames
{
    private static readonly Dictionary<(Type Document, string Name), ClientValue> All = new()
    {
        // docker-java, and so Testcontainers, writes its own objects out: what stands in the path, query and heads stands there once more.
        [(typeof(ContainerCreateBody), "name")] = ClientValue.Text,
        [(typeof(ContainerCreateBody), "authConfig")] = ClientValue.Credentials,
        [(typeof(ContainerCreateBody), "PortSpecs")] = ClientValue.Nothing,
        [(typeof(HostConfig), "LxcConf")] = ClientValue.Nothing,
        [(typeof(ExecCreateBody), "containerId")] = ClientValue.Text,
        [(typeof(ExecStartBody), "execId")] = ClientValue.Text,
        [(typeof(NetworkConnectBody), "networkId")] = ClientValue.Text,
        [(typeof(NetworkDisconnectBody), "networkId")] = ClientValue.Text,

        // dockerode, and so Testcontainers for Node, writes all options of a call into its body, the query's and its own among them.
        [(typeof(ContainerCreateBody), "platform")] = ClientValue.Text,
        [(typeof(ContainerConfig), "container")] = ClientValue.Anything,
        [(typeof(ContainerConfig), "repo")] = ClientValue.Anything,
        [(typeof(ContainerConfig), "tag")] = ClientValue.Anything,
        [(typeof(ContainerConfig), "comment")] = ClientValue.Anything,
        [(typeof(ContainerConfig), "author")] = ClientValue.Anything,
        [(typeof(ContainerConfig), "pause")] = ClientValue.Anything,
        [(typeof(ContainerConfig), "changes")] = ClientValue.Anything,
        [(typeof(ExecStartBody), "hijack")] = ClientValue.Anything,
        [(typeof(ExecStartBody), "stdin")] = ClientValue.Anything,
        [(typeof(ExecStartBody), "stdout")] = ClientValue.Anything,
        [(typeof(ExecStartBody), "stderr")] = ClientValue.Anything,
        [(typeof(ExecStartBody), "stream")] = ClientValue.Anything,

        // Docker's own clients up to 17.x (moby 1.12 api/types/container.Resources).
        [(typeof(HostConfig), "DiskQuota")] = ClientValue.Nothing,
        [(typeof(HostConfig), "NetworkMaximumBandwidth")] = ClientValue.Nothing,
        [(typeof(ContainerUpdateBody), "DiskQuota")] = ClientValue.Nothing,
        [(typeof(ContainerUpdateBody), "NetworkMaximumBandwidth")] = ClientValue.Nothing,
    };

    /// <summary>What the name may be given; null where it is not taken at all.</summary>
    public static ClientValue? Find(Type document, string name) => All.TryGetValue((document, name), out var value) ? value : null;
}
