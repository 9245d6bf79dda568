using System.Collections.Concurrent;
using System.Diagnostics;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace Gateway.EndToEnd.Fuzzing;

/// <summary>
/// What stands at the engine while requests are thrown at the gateway: objects of the two users of a role, and of bob, with texts that
/// nothing of others' may ever hold and a state that nothing may change.
/// </summary>
internal sealed partial class FuzzWorld(EngineProbe engine, string kind) : IAsyncDisposable
{
    /// <summary>A network that an administrator made, and that roles may be granted.</summary>
    public const string SharedNetwork = "fz-shared";

    /// <summary>A container of bob's that rules on labels are about.</summary>
    public const string Selected = "fz-bob-t";

    private const string Bob = "bob";

    // One that ends at once when it is told to, so that nothing of a round comes in the next.
    private const string Waits = "[\"sh\",\"-c\",\"trap exit TERM; sleep 100000 & wait\"]";
    private static readonly TimeSpan Hang = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(50);
    private const string Limits = "\"Memory\":67108864,\"MemorySwap\":134217728,\"NanoCpus\":500000000,\"PidsLimit\":32,\"CgroupnsMode\":\"private\",\"SecurityOpt\":[\"no-new-privileges\"]";
    private static readonly string[] BobsContainers = ["fz-bob-c", "fz-bob-s", Selected];

    // Of two engines on one machine each has its own.
    private readonly string subnet = kind == "debian" ? "10.213.91" : "10.214.91";
    private readonly string hidden = "zq" + Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(6));
    private readonly List<Canary> ofBob = [];
    private readonly ConcurrentDictionary<Canary, bool> given = new();
    private string bobState = "";

    /// <summary>In a folder of the host that no role is granted.</summary>
    public string HostSecret { get; } = "hs" + Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(8));

    public FuzzRole Role { get; private set; } = null!;

    public IReadOnlyList<Canary> Canaries { get; private set; } = [];

    /// <summary>The objects that were there before.</summary>
    public HashSet<string> Known { get; } = [];

    /// <summary>Tags that are not the role's users', with the images they name.</summary>
    public IReadOnlyDictionary<string, string> Tags { get; private set; } = new Dictionary<string, string>();

    /// <summary>A container as a plain create through a policy gives it: what an engine fills in by itself.</summary>
    public JsonElement Plain { get; private set; }

    /// <summary>What each of the role's two users can call.</summary>
    public IReadOnlyList<Names> Names { get; private set; } = [];

    /// <summary>Makes what is bob's and what is nobody's.</summary>
    public async Task BuildAsync()
    {
        await ClearAsync([Bob]);
        await TryAsync("/networks/create", $"{{\"Name\":\"{SharedNetwork}\",\"CheckDuplicate\":true}}");
        foreach (var (name, third) in ((string, int)[])[("fz-bob", 0), (hidden, 128)])
        {
            await TryAsync("/volumes/create", $"{{\"Name\":\"{name}-v\",\"Labels\":{{\"gateway.owner\":\"bob\",\"secret\":\"{Secret("volume label")}\"}}}}");
            await TryAsync("/networks/create", $"{{\"Name\":\"{name}-n\",\"CheckDuplicate\":true,\"IPAM\":{{\"Config\":[{{\"Subnet\":\"{subnet}.{third}/25\"}}]}},\"Labels\":{{\"gateway.owner\":\"bob\",\"secret\":\"{Secret("network label")}\"}}}}");
            const string Command = "echo -n file$S|md5sum >/v/marker; cp /v/marker /tmp/marker; echo -n log$S|md5sum; trap exit TERM; sleep 100000 & wait";
            await TryAsync($"/containers/create?name={name}-c", $"{{\"Image\":\"busybox\",\"Env\":[\"S={Secret("env")}\"],\"Cmd\":[\"sh\",\"-c\",\"{Command}\",\"{Secret("command")}\"],\"Labels\":{{\"gateway.owner\":\"bob\",\"secret\":\"{Secret("label")}\"}},\"HostConfig\":{{{Limits},\"NetworkMode\":\"{name}-n\",\"Mounts\":[{{\"Type\":\"volume\",\"Source\":\"{name}-v\",\"Target\":\"/v\"}}]}},\"NetworkingConfig\":{{\"EndpointsConfig\":{{\"{name}-n\":{{\"IPAMConfig\":{{\"IPv4Address\":\"{subnet}.{third + 77}\"}}}}}}}}}}");
            await TryAsync($"/containers/{name}-c/start", "");
        }

        await TryAsync("/containers/create?name=fz-bob-s", $"{{\"Image\":\"busybox\",\"Env\":[\"S={Secret("env")}\"],\"Labels\":{{\"gateway.owner\":\"bob\",\"secret\":\"{Secret("label")}\"}},\"HostConfig\":{{{Limits}}}}}");
        await TryAsync($"/containers/create?name={Selected}", $"{{\"Image\":\"busybox\",\"User\":\"1000:1000\",\"Cmd\":{Waits},\"Labels\":{{\"gateway.owner\":\"bob\",\"team\":\"fz\",\"traefik.enable\":\"true\"}},\"HostConfig\":{{{Limits}}}}}");
        await TryAsync($"/containers/{Selected}/start", "");
        await TryAsync("/commit?container=fz-bob-s&repo=localhost/bob/fuzz&tag=1&pause=0", $"{{\"Labels\":{{\"secret\":\"{Secret("image label")}\"}}}}");
        await TryAsync($"/images/localhost/bob/fuzz:1/tag?repo=localhost/bob/{hidden}&tag=1", "");
        Plain = await engine.GetAsync("/containers/fz-bob-s/json");
        await KnowBobsAsync();
    }

    /// <summary>Puts everything in order for that role: nothing of what the cases before made is left.</summary>
    public async Task EnterAsync(FuzzRole role)
    {
        if (Role is not null)
        {
            await ClearAsync(Role.Users);
        }

        await ClearAsync(role.Users);
        await RestoreBobAsync();
        Role = role;
        var canaries = new List<Canary>();
        foreach (var (user, number) in role.Users.Select((user, number) => (user, number == 0 ? "" : "1")))
        {
            await MakeAsync(user, number, canaries);
        }

        canaries.AddRange(ofBob);
        canaries.Add(new Canary((await engine.GetAsync("/containers/fz-bob-c/json")).GetProperty("ExecIDs") is { ValueKind: JsonValueKind.Array } execs ? execs[0].GetString()! : hidden, Sight.Exec, Bob, "an exec's id"));
        Canaries = canaries;
        Known.Clear();
        foreach (var path in (string[])["/containers/json?all=1", "/networks"])
        {
            Known.UnionWith((await engine.GetAsync(path)).EnumerateArray().Select(Id));
        }

        Known.UnionWith((await engine.GetAsync("/volumes")).Items("Volumes").Select(volume => volume.Text("Name")));
        Tags = await TagsAsync();
        Names = [await NamesAsync(0), await NamesAsync(1)];
        bobState = await StateOfBobAsync();
    }

    /// <summary>What an answer to that user holds and may not; null where there is nothing. What the request itself said counts for nothing, nor what was given as a name before.</summary>
    public string? Leak(string answer, string request, string user)
    {
        var decoded = Answer.Decoded(answer);
        var seen = Canary.Of(Role);
        var said = Uri.UnescapeDataString(request);
        return decoded.Contains(HostSecret, StringComparison.OrdinalIgnoreCase) ? "what is in a folder of the host"
            : Canaries.FirstOrDefault(canary => canary.Owner != user && (seen & canary.Sight) == 0 && decoded.Contains(canary.Part, StringComparison.OrdinalIgnoreCase) && !said.Contains(canary.Part, StringComparison.OrdinalIgnoreCase) && !given.ContainsKey(canary)) is { } found
                ? $"{found.What} of {found.Owner}'s, {found.Text}" : null;
    }

    /// <summary>Takes note of what a request gives to an object, which may then rightly be in answers: anything but what its path names.</summary>
    public void Give(string request)
    {
        var gives = request.StartsWith("GET ", StringComparison.Ordinal) ? "" : Uri.UnescapeDataString(request[Math.Max(0, request.IndexOfAny(['?', '\r']))..]);
        foreach (var canary in gives.Length == 0 ? [] : Canaries.Where(canary => gives.Contains(canary.Part, StringComparison.OrdinalIgnoreCase)))
        {
            given[canary] = true;
        }
    }

    /// <summary>What has changed of bob's or of the tags that are not the role's users'; null where nothing has.</summary>
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

    /// <summary>Whether a role's user may run what an image was asked for by; ids are judged by what they name.</summary>
    public bool IsGrantedImage(string name, FuzzRole role, string user)
    {
        var named = Tags.Where(tag => tag.Value.StartsWith(name, StringComparison.Ordinal) || tag.Value["sha256:".Length..].StartsWith(name, StringComparison.Ordinal)).Select(tag => tag.Key).ToList();
        return HexId().IsMatch(name) ? named.Count == 0 || named.Any(tag => IsGrantedName(tag, role, user)) : IsGrantedName(name, role, user);
    }

    private static bool IsGrantedName(string name, FuzzRole role, string user)
    {
        var registry = name.Split('/') is [var first, _, ..] && (first.Contains('.', StringComparison.Ordinal) || first.Contains(':', StringComparison.Ordinal) || first == "localhost");
        var canonical = registry ? name : name.Contains('/', StringComparison.Ordinal) ? "docker.io/" + name : "docker.io/library/" + name;
        return role.List("images", user).Any(pattern => pattern.EndsWith('*') && canonical.StartsWith(pattern[..^1], StringComparison.Ordinal));
    }

    /// <summary>Whether a role's user may give that name to an image.</summary>
    public bool IsOwnImage(string name) => Role.Users.Any(user => name.StartsWith($"localhost/{user}/", StringComparison.Ordinal) || name.StartsWith($"{user}/", StringComparison.Ordinal) || name.StartsWith($"docker.io/{user}/", StringComparison.Ordinal));

    public async ValueTask DisposeAsync()
    {
        await ClearAsync([Bob, .. Role?.Users ?? []]);
        await engine.DeleteAsync("/networks/" + SharedNetwork);
        foreach (var volume in (await engine.GetAsync("/volumes")).Items("Volumes").Select(volume => volume.Text("Name")).Where(name => name.StartsWith("gateway-folder.srv.gateway-fuzz-", StringComparison.Ordinal)))
        {
            await engine.DeleteAsync($"/volumes/{volume}?force=1");
        }
    }

    public static string Id(JsonElement element) => element.GetProperty("Id").GetString()!;

    private static string Label(string user) => Uri.EscapeDataString($"{{\"label\":[\"gateway.owner={user}\"]}}");

    // Each of its own, and made of the same, so that what one shows is told apart.
    private string Secret(string what) => "zs" + Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(hidden + what)))[..20];

    private async Task KnowBobsAsync()
    {
        foreach (var (what, sight) in new[] { ("label", Sight.Container), ("env", Sight.Environment), ("command", Sight.Command), ("volume label", Sight.Volume), ("network label", Sight.Network), ("image label", Sight.ImageLabel) })
        {
            ofBob.Add(new Canary(Secret(what), sight, Bob, what));
        }

        foreach (var (what, sight) in new[] { ("log", Sight.Log), ("file", Sight.File) })
        {
#pragma warning disable CA5351 // What the container's shell has at hand; nothing rests on it.
            ofBob.Add(new Canary(Convert.ToHexStringLower(MD5.HashData(Encoding.UTF8.GetBytes(what + Secret("env")))), sight, Bob, what));
#pragma warning restore CA5351
        }

        foreach (var name in (string[])["fz-bob", hidden])
        {
            var container = await engine.GetAsync($"/containers/{name}-c/json");
            var endpoint = container.GetProperty("NetworkSettings").Members("Networks").First().Value;
            ofBob.AddRange([new(Id(container), Sight.Container, Bob, "a container's id"), new(endpoint.Text("EndpointID"), Sight.Container, Bob, "an endpoint"), new(endpoint.Text("IPAddress"), Sight.Container, Bob, "an address"), new(endpoint.Text("MacAddress"), Sight.Container, Bob, "an address")]);
            ofBob.Add(new(Id(await engine.GetAsync($"/networks/{name}-n")), Sight.Network, Bob, "a network's id"));
            ofBob.AddRange([new(name + "-c", Sight.Container, Bob, "a name"), new(name + "-v", Sight.Volume, Bob, "a name"), new(name + "-n", Sight.Network, Bob, "a name")]);
        }

        ofBob.Add(new(Id(await engine.GetAsync("/containers/fz-bob-s/json")), Sight.Container, Bob, "a container's id"));
        ofBob.AddRange([new(Id(await engine.GetAsync("/images/localhost/bob/fuzz:1/json"))["sha256:".Length..], Sight.Image, Bob, "an image's id"), new("localhost/bob/", Sight.Image, Bob, "a name"), new(subnet + ".", Sight.Network, Bob, "a subnet")]);
        ofBob.RemoveAll(canary => canary.Text.Length == 0);
    }

    private async Task RestoreBobAsync()
    {
        foreach (var name in (string[])["fz-bob-c", Selected, hidden + "-c"])
        {
            await TryAsync($"/containers/{name}/unpause", "");
            await TryAsync($"/containers/{name}/start", "");
        }

        // Until it has written what it writes, its state is not its last.
        for (var patience = Stopwatch.StartNew(); (await engine.TextAsync("/containers/fz-bob-c/logs?stdout=1&tail=1")).Length == 0 && patience.Elapsed < Hang;)
        {
            await Task.Delay(Look);
        }

        await TryAsync("/containers/fz-bob-s/kill", "");
        if ((await engine.GetAsync("/containers/fz-bob-c/json")).Empty("ExecIDs"))
        {
            await TryAsync("/containers/fz-bob-c/exec", "{\"Cmd\":[\"true\"]}");
        }
    }

    private async Task MakeAsync(string user, string number, List<Canary> canaries)
    {
        var secret = "zo" + Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(6));
        var labels = $"\"gateway.owner\":\"{user}\"";
        await TryAsync("/volumes/create", $"{{\"Name\":\"fz-own-v{number}\",\"Labels\":{{{labels}}}}}");
        await TryAsync("/networks/create", $"{{\"Name\":\"fz-own-n{number}\",\"CheckDuplicate\":true,\"Labels\":{{{labels}}}}}");
        await TryAsync($"/containers/create?name=fz-own-c{number}", $"{{\"Image\":\"busybox\",\"User\":\"1000:1000\",\"Env\":[\"O={secret}\"],\"Cmd\":{Waits},\"Labels\":{{{labels}}},\"HostConfig\":{{{Limits},\"NetworkMode\":\"fz-own-n{number}\",\"Mounts\":[{{\"Type\":\"volume\",\"Source\":\"fz-own-v{number}\",\"Target\":\"/v\"}}]}}}}");
        await TryAsync($"/containers/create?name=fz-own-s{number}", $"{{\"Image\":\"busybox\",\"User\":\"1000:1000\",\"Labels\":{{{labels}}},\"HostConfig\":{{{Limits},\"NetworkMode\":\"fz-own-n{number}\"}}}}");
        await TryAsync($"/containers/fz-own-c{number}/start", "");
        await TryAsync($"/containers/fz-own-c{number}/exec", "{\"User\":\"1000:1000\",\"AttachStdout\":true,\"Cmd\":[\"id\"]}");
        await TryAsync($"/images/busybox/tag?repo=localhost/{user}/fz&tag=1", "");
        canaries.AddRange([new(secret, Sight.Environment, user, "env"), new(Id(await engine.GetAsync($"/containers/fz-own-c{number}/json")), Sight.Container, user, "a container's id"), new(Id(await engine.GetAsync($"/networks/fz-own-n{number}")), Sight.Network, user, "a network's id")]);
    }

    private async Task<Names> NamesAsync(int user)
    {
        var (own, mate) = (user == 0 ? "" : "1", user == 0 ? "1" : "");
        var (mine, bobs, mates) = (await engine.GetAsync($"/containers/fz-own-c{own}/json"), await engine.GetAsync("/containers/fz-bob-c/json"), await engine.GetAsync($"/containers/fz-own-c{mate}/json"));
        var (network, bobsNetwork) = (Id(await engine.GetAsync($"/networks/fz-own-n{own}")), Id(await engine.GetAsync("/networks/fz-bob-n")));
        var image = Id(await engine.GetAsync("/images/localhost/bob/fuzz:1/json"));
        return new Names(
            Role.Users[user],
            new Dictionary<string, IReadOnlyList<string>>
            {
                ["container"] = ["fz-own-c" + own, "fz-own-s" + own, Id(mine), Id(mine)[..12]],
                ["volume"] = ["fz-own-v" + own, "fz-own"],
                ["network"] = ["fz-own-n" + own, network],
                ["image"] = ["busybox", $"localhost/{Role.Users[user]}/fz:1", "busybox:latest"],
                ["exec"] = [mine.Texts("ExecIDs").First()],
            },
            new Dictionary<string, IReadOnlyList<string>>
            {
                ["container"] = ["fz-bob-c", Id(bobs), Id(bobs)[..12], Id(bobs)[..3], "fz-bob-s", Selected, "fz-own-c" + mate, Id(mates)],
                ["volume"] = ["fz-bob-v", "fz-own-v" + mate],
                ["network"] = ["fz-bob-n", bobsNetwork, bobsNetwork[..12], "fz-own-n" + mate],
                ["image"] = ["localhost/bob/fuzz:1", "localhost/bob/fuzz", image, image[7..19], $"localhost/{Role.Users[1 - user]}/fz:1"],
                ["exec"] = [bobs.Texts("ExecIDs").First(), mates.Texts("ExecIDs").First()],
            });
    }

    private async Task<Dictionary<string, string>> TagsAsync() => (await engine.GetAsync("/images/json")).EnumerateArray()
        .SelectMany(image => image.Texts("RepoTags").Select(tag => (Tag: tag, Id: Id(image))))
        .Where(tag => !IsOwnImage(tag.Tag) && !tag.Tag.StartsWith('<'))
        .ToDictionary(tag => tag.Tag, tag => tag.Id, StringComparer.Ordinal);

    private async Task<string> StateOfBobAsync()
    {
        // Whoever may stop and start everybody's containers changes what comes of that.
        var runs = !Role.Allows(Whose.Others, "ContainerStart", "ContainerStop");
        var text = new List<string>();
        foreach (var name in BobsContainers)
        {
            var container = await engine.GetAsync($"/containers/{name}/json");
            if (container.ValueKind == JsonValueKind.Undefined)
            {
                text.Add(name + " is gone");
                continue;
            }

            text.AddRange(((string[])["Name", "Config", "HostConfig", "Mounts"]).Select(member => container.Raw(member)));
            if (runs && (name != Selected || !Role.Allows(Whose.Selected, "ContainerStart", "ContainerExec")))
            {
                var state = container.GetProperty("State");
                text.AddRange([container.Raw("RestartCount"), string.Join(" ", container.Texts("ExecIDs").Order(StringComparer.Ordinal)), state.Text("Status") + state.Text("StartedAt"), container.GetProperty("NetworkSettings").Raw("Networks")]);
                text.Add((await engine.GetAsync($"/containers/{name}/changes")) is { ValueKind: JsonValueKind.Array } changes ? string.Join(' ', changes.EnumerateArray().Select(change => change.Text("Path")).Order(StringComparer.Ordinal)) : "");
            }
        }

        text.Add((await engine.GetAsync("/volumes/fz-bob-v")) is { ValueKind: JsonValueKind.Object } volume ? volume.Raw("Labels") + volume.Text("CreatedAt") : "no volume");
        text.Add((await engine.GetAsync("/networks/fz-bob-n")) is { ValueKind: JsonValueKind.Object } network ? Id(network) + (runs ? network.Raw("Containers") : "") : "no network");
        return string.Join('\n', text);
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

    private async Task ClearAsync(IEnumerable<string> users)
    {
        foreach (var user in users)
        {
            await Task.WhenAll((await engine.GetAsync($"/containers/json?all=1&filters={Label(user)}")).EnumerateArray().Select(container => engine.DeleteAsync($"/containers/{Id(container)}?force=1&v=1")));
            await Task.WhenAll((await engine.GetAsync($"/volumes?filters={Label(user)}")).Items("Volumes").Select(volume => engine.DeleteAsync($"/volumes/{volume.Text("Name")}?force=1")));
            await Task.WhenAll((await engine.GetAsync($"/networks?filters={Label(user)}")).EnumerateArray().Select(network => engine.DeleteAsync($"/networks/{Id(network)}")));
            foreach (var image in (await engine.GetAsync("/images/json")).EnumerateArray())
            {
                var tags = image.Texts("RepoTags").ToList();
                foreach (var tag in tags.Where(tag => tag.StartsWith($"localhost/{user}/", StringComparison.Ordinal) || tag.StartsWith($"{user}/", StringComparison.Ordinal)))
                {
                    await engine.DeleteAsync($"/images/{tag}");
                }

                // Commits and builds without a name.
                if (tags.All(tag => tag.StartsWith('<')))
                {
                    await engine.DeleteAsync($"/images/{Id(image)}?force=1");
                }
            }
        }
    }

    [GeneratedRegex(@"\A(sha256:)?[0-9a-f]{3,64}\z")]
    private static partial Regex HexId();
}
