namespace Gateway.EngineApi;

/// <summary>An engine's whole answer for an object that is not there.</summary>
/// <param name="Raw">Plain text after which the connection ends: attach has been hijacked by then, and is no JSON any more.</param>
internal sealed record MissingAnswer(int Status, string? Message, string? Raw = null);

/// <summary>
/// What engines say of a name that they do not know, by operation and by their newest API version (threats §4.5; seen on 20.10
/// and 28, read in between). What is another's is answered in exactly these words (I39).
/// </summary>
internal static class MissingWords
{
    /// <summary>The first API version whose engine does not say "no such image" twice (23.0).</summary>
    private const int OneImageSentence = 42;

    /// <summary>The first API version whose engine writes "cannot kill" in lower case (25.0).</summary>
    private const int LowerCaseKill = 44;

    /// <param name="name">As the caller wrote it.</param>
    /// <param name="api">The minor number of the engine's newest API version.</param>
    public static MissingAnswer Of(EngineRequest request, ObjectKind kind, string name, int api) => (request.Operation!.Name, kind) switch
    {
        ("ContainerAttach", ObjectKind.Container) => new(404, null, $"No such container: {name}\r\n"),
        ("VolumeDelete", ObjectKind.Volume) when request.Query.IsTrue("force") => new(204, null),
        _ => new(Status(request.Operation, kind), Message(request.Operation, kind, name, api)),
    };

    /// <summary>
    /// 404; of a create only for its image, since clients pull that then, and hide the reason where the pull fails. An engine finds a
    /// network missing only as the container starts.
    /// </summary>
    public static int Status(EngineOperation operation, ObjectKind kind) => operation.Name == "ContainerCreate" && kind != ObjectKind.Image ? 400 : 404;

    public static string Message(EngineOperation operation, ObjectKind kind, string name, int api) => kind switch
    {
        ObjectKind.Container when operation.Name == "ContainerKill" => $"{(api < LowerCaseKill ? 'C' : 'c')}annot kill container: {name}: No such container: {name}",
        ObjectKind.Container => $"No such container: {name}",
        ObjectKind.Exec => $"No such exec instance: {name}",
        ObjectKind.Image when operation.Name is "ImageGet" or "ImageGetAll" =>
            ImageReference.TryParse(name, out var reference) && !reference.MayBeId && (reference.Tag ?? reference.Digest) is not null ? "reference does not exist" : $"No such image: {name}",
        ObjectKind.Image when operation.Name == "ImageInspect" && api < OneImageSentence => $"no such image: {name}: No such image: {Tagged(name)}",
        ObjectKind.Image => $"No such image: {Tagged(name)}",
        ObjectKind.Volume => $"get {name}: no such volume",
        ObjectKind.Network => $"network {name} not found",
        ObjectKind.Plugin => $"plugin \"{name}\" not found",
        _ => $"{kind.ToString().ToLowerInvariant()} {name} not found",
    };

    /// <summary>With the tag that the engine adds; a full id gets its algorithm instead.</summary>
    private static string Tagged(string name) =>
        name.Length == 64 && name.All(char.IsAsciiHexDigitLower) ? $"sha256:{name}"
        : ImageReference.TryParse(name, out var reference) && reference is { Tag: null, Digest: null } ? reference.Familiar + ":latest"
        : name;
}
