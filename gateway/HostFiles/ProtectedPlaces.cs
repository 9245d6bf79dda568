using Gateway.Forwarding;
using Gateway.Policy.Files.Values;

namespace Gateway.HostFiles;

/// <summary>
/// Where the files lie that are never bound, by file system and path in it, so that no second name for them (link, bind mount,
/// chroot) is taken for something else (threats, rule B9; I24).
/// </summary>
internal sealed class ProtectedPlaces
{
    private readonly IReadOnlyList<(Place Place, string Name)> places;

    private ProtectedPlaces(IReadOnlyList<(Place Place, string Name)> places) => this.places = places;

    public static async Task<ProtectedPlaces> FindAsync(
        EngineProcess process, EngineEndpoint endpoint, EngineClient client, ProtectedFiles gateway, CancellationToken cancellationToken)
    {
        var ofEngine = await EngineFiles.FindAsync(process, endpoint, client, cancellationToken);
        using var own = FileSystemView.OfThisProcess();
        return Of(
            Places(process.Files, NeverBindable.Folders, path => path),
            Places(process.Files, ofEngine, _ => "the engine's own files"),
            own is null ? [] : Places(own, [.. gateway.Paths, endpoint.Path], _ => "the gateway's own files"));
    }

    public static ProtectedPlaces Of(params IEnumerable<(Place Place, string Name)>[] places) => new([.. places.SelectMany(list => list)]);

    /// <summary>What the place holds, is, or lies in; null where it meets nothing that is protected.</summary>
    public string? Meets(Place place) => places.FirstOrDefault(kept => kept.Place.Meets(place)).Name;

    private static IEnumerable<(Place Place, string Name)> Places(FileSystemView files, IEnumerable<string> paths, Func<string, string> name) =>
        from path in paths
        let place = files.Find(path)
        where place is not null
        select (place.Value, name(path));
}
