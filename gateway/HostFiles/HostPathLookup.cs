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
    public async Task<HostPathFacts> LookAsync(IEnumerable<string> paths, CancellationToken cancellationToken)
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
            return new HostPathFacts(named.ToDictionary(path => path, judge.Judge));
        }
    }

    private async Task<IReadOnlyList<ContainerBind>> BindsOfContainersAsync(CancellationToken cancellationToken)
    {
        var containers = await client.GetAsync("/containers/json?all=1", cancellationToken) ?? throw new EngineAnswerException("the engine does not list its containers");
        return
        [
            .. Json.Items(containers).SelectMany(container => Json.Items(Json.Member(container, "Mounts")))
                .Where(mount => Json.String(mount, "Type") == "bind")
                .Select(mount => new ContainerBind((Json.String(mount, "Source") ?? "").TrimEnd('/') is { Length: > 0 } source ? source : "/", Json.True(mount, "RW")))
                .Where(bind => bind.Source == "/" || HostPath.IsClean(bind.Source)),
        ];
    }
}

/// <summary>A folder of the host that some container has.</summary>
internal readonly record struct ContainerBind(string Source, bool ReadWrite);
