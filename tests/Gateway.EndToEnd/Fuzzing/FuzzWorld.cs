using System.Security.Cryptography;
using System.Text.Json;

namespace Gateway.EndToEnd.Fuzzing;

/// <summary>
/// What stands at the engine while requests are thrown at the gateway: objects of alice, who sends them, and canaries of bob,
/// with a secret that nothing of alice's may ever hold and a state that nothing may change.
/// </summary>
internal sealed class FuzzWorld(EngineProbe engine) : IAsyncDisposable
{
    public const string Attacker = "alice";

    private const string Limits = "\"Memory\":67108864,\"NanoCpus\":500000000,\"PidsLimit\":64";

    private string bobState = "";

    /// <summary>In labels, environment and names of bob's; no request holds it.</summary>
    public string Secret { get; } = "canary" + Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(6));

    /// <summary>Full ids and addresses of bob's.</summary>
    public IReadOnlyList<string> SecretIds { get; private set; } = [];

    /// <summary>The objects that were there before.</summary>
    public HashSet<string> Known { get; } = [];

    /// <summary>Tags that are not alice's, with the images they name.</summary>
    public IReadOnlyDictionary<string, string> Tags { get; private set; } = new Dictionary<string, string>();

    /// <summary>A container of alice's as a plain create through a policy gives it: what an engine fills in by itself.</summary>
    public JsonElement Plain { get; private set; }

    public Names Names { get; private set; } = null!;

    public async Task BuildAsync()
    {
        await ClearAsync();
        await engine.PostAsync("/images/busybox/tag?repo=localhost/bob/fuzz&tag=1", "");
        await MakeAsync("bob");
        await MakeAsync(Attacker);
        Plain = await engine.GetAsync("/containers/fz-alice-s/json");
        var container = await engine.GetAsync("/containers/fz-bob-c/json");
        var network = await engine.GetAsync("/networks/fz-bob-n");
        SecretIds = [Id(container), Id(network), .. container.GetProperty("NetworkSettings").GetProperty("Networks").EnumerateObject().Select(n => n.Value.GetProperty("EndpointID").GetString()!).Where(id => id.Length > 0)];
        foreach (var (path, member) in ((string, string)[])[("/containers/json?all=1", "Id"), ("/networks", "Id")])
        {
            Known.UnionWith((await engine.GetAsync(path)).EnumerateArray().Select(item => item.GetProperty(member).GetString()!));
        }

        Known.UnionWith((await engine.GetAsync("/volumes")).GetProperty("Volumes").EnumerateArray().Select(item => item.GetProperty("Name").GetString()!));
        Tags = await TagsAsync();
        bobState = await StateOfBobAsync();
        Names = new Names(
            new Dictionary<string, IReadOnlyList<string>>
            {
                ["container"] = ["fz-alice-c", "fz-alice-s", Id(await engine.GetAsync("/containers/fz-alice-c/json"))],
                ["volume"] = ["fz-alice-v", "fz-own"],
                ["network"] = ["fz-alice-n", Id(await engine.GetAsync("/networks/fz-alice-n"))],
                ["image"] = ["busybox", "localhost/alice/fz:1", "busybox:latest"],
            },
            new Dictionary<string, IReadOnlyList<string>>
            {
                ["container"] = ["fz-bob-c", Id(container), Id(container)[..12], Id(container)[..3], "fz-bob-s"],
                ["volume"] = ["fz-bob-v"],
                ["network"] = ["fz-bob-n", Id(network), Id(network)[..12]],
                ["image"] = ["localhost/bob/fuzz:1", "localhost/bob/fuzz"],
            });
    }

    /// <summary>Puts back what alice may rightly have removed or stopped.</summary>
    public async Task MendAsync()
    {
        var stale = (await engine.GetAsync($"/containers/json?all=1&filters={Label(Attacker)}")).EnumerateArray().Select(Id).Where(id => !Known.Contains(id)).ToList();
        foreach (var id in stale)
        {
            await engine.DeleteAsync($"/containers/{id}?force=1&v=1");
        }

        foreach (var name in (await engine.GetAsync($"/volumes?filters={Label(Attacker)}")).GetProperty("Volumes").EnumerateArray().Select(v => v.GetProperty("Name").GetString()!).Where(n => !Known.Contains(n)).ToList())
        {
            await engine.DeleteAsync($"/volumes/{name}?force=1");
        }

        foreach (var id in (await engine.GetAsync($"/networks?filters={Label(Attacker)}")).EnumerateArray().Select(Id).Where(id => !Known.Contains(id)).ToList())
        {
            await engine.DeleteAsync($"/networks/{id}");
        }

        await MakeAsync(Attacker);
        foreach (var name in (string[])["fz-alice-c", "fz-alice-s"])
        {
            await KnowAsync($"/containers/{name}/json");
        }

        await KnowAsync("/networks/fz-alice-n");
    }

    // An engine that removes a container while it renames it keeps the name taken: then there is none of that name until it restarts.
    private async Task KnowAsync(string target)
    {
        if (await engine.GetAsync(target) is { ValueKind: JsonValueKind.Object } found)
        {
            Known.Add(Id(found));
        }
    }

    /// <summary>What has changed of bob's or of the tags that are not alice's; null where nothing has.</summary>
    public async Task<string?> ChangeAsync()
    {
        var now = await StateOfBobAsync();
        if (now != bobState)
        {
            return $"bob's objects changed:\n{bobState}\n{now}";
        }

        var tags = await TagsAsync();
        return tags.Count == Tags.Count && tags.All(tag => Tags.GetValueOrDefault(tag.Key) == tag.Value)
            ? null
            : $"tags changed: {string.Join(' ', Tags.Except(tags))} became {string.Join(' ', tags.Except(Tags))}";
    }

    public async ValueTask DisposeAsync() => await ClearAsync();

    public static string Id(JsonElement element) => element.GetProperty("Id").GetString()!;

    private static string Label(string user) => Uri.EscapeDataString($"{{\"label\":[\"gateway.owner={user}\"]}}");

    private static bool IsAttackers(string tag) => tag.StartsWith("localhost/alice/", StringComparison.Ordinal) || tag.StartsWith("alice/", StringComparison.Ordinal);

    private async Task<Dictionary<string, string>> TagsAsync() => (await engine.GetAsync("/images/json")).EnumerateArray()
        .SelectMany(image => image.TryGetProperty("RepoTags", out var tags) && tags.ValueKind == JsonValueKind.Array ? tags.EnumerateArray().Select(tag => (Tag: tag.GetString()!, Id: Id(image))) : [])
        .Where(tag => !IsAttackers(tag.Tag) && !tag.Tag.StartsWith('<'))
        .ToDictionary(tag => tag.Tag, tag => tag.Id, StringComparer.Ordinal);

    private async Task<string> StateOfBobAsync()
    {
        var text = new List<string>();
        foreach (var name in (string[])["fz-bob-c", "fz-bob-s"])
        {
            var container = await engine.GetAsync($"/containers/{name}/json");
            if (container.ValueKind == JsonValueKind.Undefined)
            {
                text.Add(name + " is gone");
                continue;
            }

            foreach (var member in (string[])["Name", "RestartCount", "ExecIDs", "Config", "HostConfig", "Mounts"])
            {
                text.Add(container.GetProperty(member).GetRawText());
            }

            text.Add(container.GetProperty("State").GetProperty("Status").GetString() + container.GetProperty("State").GetProperty("StartedAt").GetString());
            text.Add(container.GetProperty("NetworkSettings").GetProperty("Networks").GetRawText());
            text.Add((await engine.GetAsync($"/containers/{name}/changes")) is { ValueKind: JsonValueKind.Array } changes ? changes.GetRawText() : "");
        }

        text.Add((await engine.GetAsync("/volumes/fz-bob-v")) is { ValueKind: JsonValueKind.Object } volume ? volume.GetProperty("Labels").GetRawText() + volume.GetProperty("CreatedAt").GetString() : "no volume");
        text.Add((await engine.GetAsync("/networks/fz-bob-n")) is { ValueKind: JsonValueKind.Object } network ? Id(network) + network.GetProperty("Containers").GetRawText() : "no network");
        return string.Join('\n', text);
    }

    private async Task MakeAsync(string user)
    {
        var labels = user == Attacker ? "\"gateway.owner\":\"alice\"" : $"\"gateway.owner\":\"bob\",\"secret\":\"{Secret}\"";
        await TryAsync("/volumes/create", $"{{\"Name\":\"fz-{user}-v\",\"Labels\":{{{labels}}}}}");
        await TryAsync("/networks/create", $"{{\"Name\":\"fz-{user}-n\",\"CheckDuplicate\":true,\"Labels\":{{{labels}}}}}");
        var create = $"{{\"Image\":\"busybox\",\"Env\":[\"S={(user == Attacker ? "" : Secret)}\"],\"Cmd\":[\"sleep\",\"100000\"],\"Labels\":{{{labels}}},\"HostConfig\":{{{Limits},\"NetworkMode\":\"fz-{user}-n\",\"Mounts\":[{{\"Type\":\"volume\",\"Source\":\"fz-{user}-v\",\"Target\":\"/v\"}}]}}}}";
        await TryAsync($"/containers/create?name=fz-{user}-c", create);
        await TryAsync($"/containers/create?name=fz-{user}-s", $"{{\"Image\":\"busybox\",\"Labels\":{{{labels}}},\"HostConfig\":{{{Limits}}}}}");
        await TryAsync($"/containers/fz-{user}-c/unpause", "");
        await TryAsync($"/containers/fz-{user}-c/start", "");
        if (user == Attacker)
        {
            await TryAsync("/images/busybox/tag?repo=localhost/alice/fz&tag=1", "");
        }
    }

    // What is there already is left as it is.
    private async Task TryAsync(string target, string json)
    {
        try
        {
            await engine.PostAsync(target, json);
        }
        catch (InvalidOperationException)
        {
        }
    }

    private async Task ClearAsync()
    {
        foreach (var user in (string[])[Attacker, "bob"])
        {
            foreach (var container in (await engine.GetAsync($"/containers/json?all=1&filters={Label(user)}")).EnumerateArray())
            {
                await engine.DeleteAsync($"/containers/{Id(container)}?force=1&v=1");
            }

            foreach (var volume in (await engine.GetAsync($"/volumes?filters={Label(user)}")).GetProperty("Volumes").EnumerateArray())
            {
                await engine.DeleteAsync($"/volumes/{volume.GetProperty("Name").GetString()}?force=1");
            }

            foreach (var network in (await engine.GetAsync($"/networks?filters={Label(user)}")).EnumerateArray())
            {
                await engine.DeleteAsync($"/networks/{Id(network)}");
            }
        }

        foreach (var image in (await engine.GetAsync("/images/json?all=1")).EnumerateArray())
        {
            var tags = image.GetProperty("RepoTags") is { ValueKind: JsonValueKind.Array } list ? list.EnumerateArray().Select(tag => tag.GetString()!).ToList() : [];
            foreach (var tag in tags.Where(tag => IsAttackers(tag) || tag.StartsWith("localhost/bob/", StringComparison.Ordinal)))
            {
                await engine.DeleteAsync($"/images/{tag}");
            }

            // Commits without a name.
            if (tags.All(tag => tag.StartsWith('<')) && image.GetProperty("Labels") is { ValueKind: JsonValueKind.Object } labels && labels.TryGetProperty("gateway.owner", out _))
            {
                await engine.DeleteAsync($"/images/{Id(image)}?force=1");
            }
        }
    }
}
