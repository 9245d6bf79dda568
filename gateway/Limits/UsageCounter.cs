using System.Collections.Concurrent;
using System.Text.Json;
using Gateway.EngineApi;
using Gateway.Forwarding;
using Gateway.Objects;
using Gateway.Policy;

namespace Gateway.Limits;

/// <summary>What a user has now.</summary>
/// <param name="Containers">The inspect answers by id, where the quota bounds memory or CPUs; else empty.</param>
internal sealed record CountedUsage(QuotaUsage Total, IReadOnlyDictionary<string, JsonElement> Containers, IReadOnlySet<string> VolumeNames);

/// <summary>Counts a user's objects at the engine, by the owner's label: the engine is the only state there is.</summary>
internal sealed class UsageCounter(EngineClient engine)
{
    private const int InspectsAtOnce = 8;

    /// <exception cref="EngineAnswerException">The engine does not list them: nothing is created uncounted.</exception>
    public async Task<CountedUsage> CountAsync(string user, RoleQuota quota, Grants grants, CancellationToken cancellationToken)
    {
        var ids = await ListAsync("/containers/json?all=1&", "Id", user, "", cancellationToken);
        var inspected = (quota.Memory ?? quota.Cpus) is null ? [] : await InspectAsync(ids, cancellationToken);
        var volumes = quota.Volumes is null ? [] : await ListAsync("/volumes?", "Name", user, "Volumes", cancellationToken);
        var networks = quota.Networks is null ? [] : await ListAsync("/networks?", "Id", user, "", cancellationToken);
        var limits = inspected.Values.Select(container => ContainerLimits.Of(container, grants)).ToList();
        return new CountedUsage(
            new QuotaUsage(ids.Count, limits.Sum(limit => limit.Memory), limits.Sum(limit => limit.Cpus), volumes.Count, networks.Count),
            inspected,
            volumes.ToHashSet(StringComparer.Ordinal));
    }

    private ValueTask<List<string>> ListAsync(string path, string name, string user, string member, CancellationToken cancellationToken)
    {
        var filters = EngineFilters.Parse(null, OperationCatalogue.Get("ContainerList")).With("label", $"{OwnerLabel.Name}={user}").ToJson();
        return engine.ListAsync($"{path}filters={PercentText.Encode(filters)}", member, skipTooLong: false, cancellationToken)
            .Where(item => Json.String(Json.Member(item, "Labels"), OwnerLabel.Name) == user)
            .Select(item => Json.String(item, name) ?? throw new EngineAnswerException("an object in the engine's list has no name"))
            .ToListAsync(cancellationToken);
    }

    private async Task<ConcurrentDictionary<string, JsonElement>> InspectAsync(List<string> ids, CancellationToken cancellationToken)
    {
        var found = new ConcurrentDictionary<string, JsonElement>();
        var options = new ParallelOptions { MaxDegreeOfParallelism = InspectsAtOnce, CancellationToken = cancellationToken };
        await Parallel.ForEachAsync(ids, options, async (id, token) =>
        {
            // Removed meanwhile: it counts no more.
            if (await engine.GetAsync($"/containers/{id}/json", token) is { } container)
            {
                found[id] = container;
            }
        });
        return found;
    }
}
