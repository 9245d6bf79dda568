namespace Gateway.Policy.Checks;

/// <summary>Fields and query parameters that no check reads, each with the reason: the other half of <see cref="CheckCatalogue"/>.</summary>
internal static class HarmlessFields
{
    private static readonly HarmlessField[] Config =
    [
        .. HarmlessField.All("AttachStdin AttachStdout AttachStderr Tty OpenStdin StdinOnce", "which streams and terminal the own process has"),
        .. HarmlessField.All("Env Cmd Entrypoint Shell WorkingDir ArgsEscaped", "what runs inside, where everything may run; a NUL is refused as it is read"),
        new("NetworkDisabled", "takes a network away"),
    ];

    public static IReadOnlyList<HarmlessField> Create { get; } =
    [
        .. Config,
        new("HostConfig.AutoRemove", "the own container goes when it ends"),
        new("HostConfig.ReadonlyRootfs", "takes write access away"),
        new("HostConfig.Init", "the engine's own init as first process inside"),
        new("HostConfig.Mounts.Consistency", "read by no engine on Linux"),
        new("HostConfig.Mounts.VolumeOptions.NoCopy", "what an own volume begins with"),
        new("NetworkingConfig.EndpointsConfig.GwPriority", "which of the own networks the container's default route takes"),
        .. HarmlessField.Query("platform", "which variant of a granted image"),
    ];

    public static IReadOnlyList<HarmlessField> Commit { get; } =
    [
        .. Config,
        new("Volumes", "anonymous volumes that a create from the image gets, with their owner"),
        .. HarmlessField.Query("comment author", "words kept with the own image"),
        .. HarmlessField.Query("pause", "whether the own container stands still meanwhile"),
    ];

    public static IReadOnlyList<HarmlessField> Exec { get; } =
    [
        .. HarmlessField.All("AttachStdin AttachStdout AttachStderr Tty Detach DetachKeys", "which streams and terminal the own process has"),
        .. HarmlessField.All("Env Cmd WorkingDir", "what runs inside, where everything may run"),
    ];

    public static IReadOnlyList<HarmlessField> ExecStart { get; } =
        [.. HarmlessField.All("Detach Tty", "which streams and terminal the own process has")];

    public static IReadOnlyList<HarmlessField> Network { get; } =
        [.. HarmlessField.All("EnableIPv4 EnableIPv6 Internal", "which addresses the engine chooses, and no way out")];

    public static IReadOnlyList<HarmlessField> Auth { get; } =
        [.. HarmlessField.All("username password auth email identitytoken registrytoken", "the caller's own credentials, for the registry that was judged; kept nowhere")];

    public static IReadOnlyList<HarmlessField> Build { get; } =
    [
        .. HarmlessField.Query("dockerfile target buildargs platform", "what of the caller's own context is built, and how"),
        .. HarmlessField.Query("q nocache pull", "output and cache of the own build"),
    ];

    public static IEnumerable<HarmlessField> Logs { get; } = HarmlessField.Query("follow stdout stderr since until timestamps tail details format", "which part of the own output, and how it is written");

    public static IEnumerable<HarmlessField> Attach { get; } = HarmlessField.Query("detachKeys logs stream stdin stdout stderr", "which streams of the own container");

    public static IEnumerable<HarmlessField> Size { get; } = HarmlessField.Query("h w", "a terminal's size, bounded as it is read");

    public static IEnumerable<HarmlessField> Filters { get; } = HarmlessField.Query("filters", "how much of an answer that is narrowed to what may be seen; read and written anew with the query");

    public static IEnumerable<HarmlessField> Platform { get; } = HarmlessField.Query("platform", "which variant of an image that was judged");
}
