using System.Diagnostics;
using System.Text.Json;

namespace Gateway.EndToEnd.Fuzzing;

/// <summary>What the engine may hold after cases of a role's users: nothing beyond the role's grants, and nothing changed of others'.</summary>
internal sealed class FuzzOracle(EngineProbe engine, FuzzWorld world, ContainerOracle containers)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(100);
    private static readonly string[] NetworkOptions = ["com.docker.network.driver.mtu", "com.docker.network.bridge.enable_icc", "com.docker.network.enable_ipv4", "com.docker.network.enable_ipv6"];

    /// <summary>What is wrong with what came into being, a line each.</summary>
    public async Task<List<string>> JudgeAsync()
    {
        var (wrong, role) = (new List<string>(), world.Role);
        var count = new Dictionary<string, int>();
        foreach (var id in (await engine.GetAsync("/containers/json?all=1")).EnumerateArray().Select(FuzzWorld.Id).ToList())
        {
            // Stopped, it may have been removed meanwhile.
            if (await engine.GetAsync($"/containers/{id}/json") is { ValueKind: JsonValueKind.Object } container && await ProblemsAsync(container, role) is var problems)
            {
                wrong.AddRange(problems.Select(problem => $"container {container.Text("Name")}: {problem}"));
                var owner = container.GetProperty("Config").Owner() ?? "";
                count[owner] = count.GetValueOrDefault(owner) + 1;
            }
        }

        wrong.AddRange(role.Users.Where(user => count.GetValueOrDefault(user) > role.Quota).Select(user => $"{user} has {count[user]} containers"));
        foreach (var volume in (await engine.GetAsync("/volumes")).Items("Volumes").Where(volume => !world.Known.Contains(volume.Text("Name")) && !volume.Text("Name").StartsWith("gateway-folder.", StringComparison.Ordinal)))
        {
            Check(wrong, (volume.Text("Driver") == "local" && volume.Empty("Options") && IsOwn(volume)) || await GoesAsync("/volumes/" + volume.Text("Name")), $"volume {volume.GetRawText()}");
        }

        foreach (var network in (await engine.GetAsync("/networks")).EnumerateArray().Where(network => !world.Known.Contains(FuzzWorld.Id(network))))
        {
            Check(wrong, network.Text("Driver") == "bridge" && network.Members("Options").All(option => NetworkOptions.Contains(option.Name)) && IsOwn(network) && !network.True("Ingress") && !network.True("ConfigOnly") && !network.True("Attachable") && SubnetIsGranted(network, role), $"network {network.GetRawText()}");
        }

        var info = await engine.GetAsync("/info");
        Check(wrong, info.GetProperty("Swarm").Text("LocalNodeState") == "inactive", "the engine is in a swarm");
        if (await world.ChangeAsync() is { } change)
        {
            wrong.Add(change);
        }

        return wrong;
    }

    /// <summary>Takes note of what the role's users have already.</summary>
    public async Task ExcuseAsync()
    {
        foreach (var id in world.Known.Where(id => id.Length == 64))
        {
            if (await engine.GetAsync($"/containers/{id}/json") is { ValueKind: JsonValueKind.Object } container && container.GetProperty("Config").Owner() is { } owner && world.Role.Users.Contains(owner))
            {
                containers.Excused[id] = await containers.ProblemsAsync(container, world.Role, owner);
            }
        }
    }

    /// <summary>Whether that one container is what the role's user may have; a line for each thing that is not.</summary>
    public async Task<List<string>> ProblemsAsync(JsonElement container, FuzzRole role)
    {
        var owner = container.GetProperty("Config").Owner();
        var own = owner is not null && role.Users.Contains(owner);
        if (!own)
        {
            return world.Known.Contains(FuzzWorld.Id(container)) || await GoesAsync($"/containers/{FuzzWorld.Id(container)}/json") ? [] : [$"a container of {owner}'s was made"];
        }

        var problems = await containers.ProblemsAsync(container, role, owner);
        var log = await engine.TextAsync($"/containers/{FuzzWorld.Id(container)}/logs?stdout=1&stderr=1");
        if (world.Canaries.FirstOrDefault(canary => canary.Owner != owner && log.Contains(canary.Text, StringComparison.Ordinal)) is { } canary)
        {
            problems.Add($"it wrote {canary.What} of {canary.Owner}'s: {log}");
        }

        if (log.Contains(world.HostSecret, StringComparison.Ordinal))
        {
            problems.Add("it wrote what is in a folder of the host: " + log);
        }

        return problems;
    }

    /// <summary>Whether that is gone in a moment: what a build whose client went away is still taking back.</summary>
    private async Task<bool> GoesAsync(string target)
    {
        for (var patience = Stopwatch.StartNew(); patience.Elapsed < Patience; await Task.Delay(Look))
        {
            if ((await engine.GetAsync(target)).ValueKind == JsonValueKind.Undefined)
            {
                return true;
            }
        }

        return false;
    }

    // Without a grant the engine chooses, and never out of this block.
    private static bool SubnetIsGranted(JsonElement network, FuzzRole role) =>
        network.Member("IPAM").Items("Config").All(pool => role.Grants("subnets") ? pool.Text("Subnet") is var subnet && (subnet.StartsWith("10.128.", StringComparison.Ordinal) || IsOfThePools(subnet)) : IsOfThePools(pool.Text("Subnet")));

    private static bool IsOfThePools(string subnet) => subnet.StartsWith("172.", StringComparison.Ordinal) || (subnet.StartsWith("192.168.", StringComparison.Ordinal) && subnet.EndsWith("/20", StringComparison.Ordinal)) || subnet.StartsWith("fd", StringComparison.Ordinal);

    private bool IsOwn(JsonElement holder) => holder.Owner() is { } owner && world.Role.Users.Contains(owner);

    private static void Check(List<string> wrong, bool right, string what)
    {
        if (!right)
        {
            wrong.Add(what);
        }
    }
}
