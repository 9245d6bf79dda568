using Gateway.Forwarding;
using Gateway.Objects;
using Gateway.Policy;
using Gateway.Policy.Files.Values;

namespace Gateway.HostFiles;

/// <summary>
/// Looks at the host paths that a request names, in the engine's own file system, and leaves the facts that the decision needs
/// (threats, Rule B). Nothing is remembered between requests: each look is at what is there now.
/// </summary>
internal sealed class HostPathLookup(EngineEndpoint endpoint, EngineClient client, ProtectedFiles protectedFiles)
{
    /// <exception cref="EngineUnreachableException">The engine is away.</exception>
    /// <exception cref="EngineAnswerException">The engine does not say what else is bound.</exception>
    public async Task<HostPathFacts> LookAsync(IEnumerable<HostPathName> paths, CancellationToken cancellationToken)
    {
        var named = paths.Distinct().ToList();
        if (named.Count == 0)
        {
            return HostPathFacts.None;
        }

        var (process, problem) = await EngineProcess.FindAsync(endpoint, cancellationToken);
        if (process is null)
        {
            return new HostPathFacts(named.ToDictionary(path => path, _ => new HostPathFact { Problem = problem }));
        }

        using (process)
        {
            var kept = await ProtectedPlaces.FindAsync(process, endpoint, client, protectedFiles, cancellationToken);
            var bound = await BindsOfContainersAsync(cancellationToken);
            var judge = new HostPathJudge(process.Files, kept, bound);
            var facts = named.ToDictionary(path => path, path => path.Folder is { } folder ? judge.JudgeInside(folder, path.Path) : judge.Judge(path.Path));
            foreach (var path in named.Where(path => path.Folder is not null))
            {
                facts[path] = await WithVolumeAsync(facts[path], path.Folder!, cancellationToken);
            }

            return new HostPathFacts(facts);
        }
    }

    /// <summary>The fact, and what is wrong with the folder's volume where the engine has one of its name.</summary>
    private async Task<HostPathFact> WithVolumeAsync(HostPathFact fact, string folder, CancellationToken cancellationToken) =>
        fact.Problem is not null ? fact
        : FolderVolume.ProblemOf(folder) is { } problem ? fact with { Problem = problem }
        : await client.GetAsync($"/volumes/{FolderVolume.NameOf(folder)}", cancellationToken) is { } volume ? fact with { Problem = FolderVolume.ProblemOf(folder, volume) }
        : fact;

    /// <summary>By binds, and by volumes that stand for a folder: the gateway's own, and those that an administrator made of one.</summary>
    private async Task<IReadOnlyList<ContainerBind>> BindsOfContainersAsync(CancellationToken cancellationToken)
    {
        var folders = await client.ListAsync("/volumes", "Volumes", skipTooLong: false, cancellationToken)
            .Select(volume => (Name: Json.String(volume, "Name") ?? "", Device: Json.String(Json.Member(volume, "Options"), "device")))
            .Where(volume => volume.Device is not null)
            .ToDictionaryAsync(volume => volume.Name, volume => volume.Device!, StringComparer.Ordinal, cancellationToken);
        var binds = new HashSet<ContainerBind>();
        await foreach (var container in client.ListAsync("/containers/json?all=1", "", skipTooLong: false, cancellationToken))
        {
            binds.UnionWith(Json.Items(Json.Member(container, "Mounts"))
                .Select(mount => (Source: Json.String(mount, "Type") switch
                {
                    "bind" => Json.String(mount, "Source"),
                    "volume" => folders.GetValueOrDefault(Json.String(mount, "Name") ?? ""),
                    _ => null,
                }, ReadWrite: Json.True(mount, "RW")))
                .Where(mount => mount.Source is not null)
                .Select(mount => new ContainerBind(mount.Source!.TrimEnd('/') is { Length: > 0 } source ? source : "/", mount.ReadWrite))
                .Where(bind => bind.Source == "/" || HostPath.IsClean(bind.Source)));
        }

        return [.. binds];
    }
}

/// <summary>A folder of the host that some container has.</summary>
internal readonly record struct ContainerBind(string Source, bool ReadWrite);
