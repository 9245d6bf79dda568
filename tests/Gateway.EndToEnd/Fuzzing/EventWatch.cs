using System.Collections.Concurrent;
using System.Text.Json;

namespace Gateway.EndToEnd.Fuzzing;

/// <summary>
/// Follows what happens at the engine while cases run, so that what comes and goes within a case is seen too. Each new container is
/// inspected at once; what was never started, and is gone, was nobody's. Everything that happens to an object has to be something
/// that the role allows on it.
/// </summary>
internal sealed class EventWatch : IAsyncDisposable
{
    private static readonly TimeSpan Hang = TimeSpan.FromSeconds(60);

    /// <summary>By what operations of a user an event of a container can come about; what is not here happens by itself.</summary>
    private static readonly Dictionary<string, string[]> Causes = new(StringComparer.Ordinal)
    {
        ["create"] = ["ContainerCreate"],
        ["start"] = ["ContainerStart", "ContainerRestart"],
        ["restart"] = ["ContainerRestart"],
        ["stop"] = ["ContainerStop", "ContainerRestart"],
        ["kill"] = ["ContainerKill", "ContainerStop", "ContainerRestart", "ContainerDelete"],
        ["pause"] = ["ContainerPause", "ImageCommit"],
        ["unpause"] = ["ContainerUnpause", "ImageCommit"],
        ["top"] = ["ContainerTop"],
        ["attach"] = ["ContainerAttach", "ContainerAttachWebsocket"],
        ["exec_create"] = ["ContainerExec"],
        ["exec_start"] = ["ExecStart"],
        ["resize"] = ["ContainerResize", "ExecResize"],
        ["commit"] = ["ImageCommit"],
        ["copy"] = ["ContainerArchive"],
        ["archive-path"] = ["ContainerArchive", "ContainerArchiveInfo"],
        ["extract-to-dir"] = ["PutContainerArchive"],
        ["export"] = ["ContainerExport"],
        ["rename"] = ["ContainerRename"],
        ["update"] = ["ContainerUpdate"],
        ["checkpoint"] = [],
    };

    /// <summary>What happens by itself to own containers, or ends what was allowed.</summary>
    private static readonly string[] Passive = ["die", "destroy", "oom", "health_status", "exec_die", "exec_detach", "detach", "prune"];

    private readonly EngineProbe engine;
    private readonly FuzzWorld world;
    private readonly ContainerOracle containers;
    private readonly CancellationTokenSource ending = new();
    private readonly Task following;
    private readonly ConcurrentDictionary<string, Task<JsonElement>> firstLooks = new();
    private readonly ConcurrentDictionary<string, string> owners = new();
    private readonly ConcurrentDictionary<string, string> strangers = new();
    private readonly ConcurrentDictionary<string, bool> told = new();
    private readonly ConcurrentDictionary<string, TaskCompletionSource> barriers = new();
    private readonly ConcurrentQueue<Task> open = new();
    private readonly ConcurrentQueue<string> problems = new();
    private FuzzRole? role;
    private int barrier;

    private EventWatch(EngineProbe engine, FuzzWorld world, ContainerOracle containers, Stream events)
    {
        (this.engine, this.world, this.containers) = (engine, world, containers);
        following = FollowAsync(events);
    }

    /// <summary>How many events were judged.</summary>
    public int Seen { get; private set; }

    public static async Task<EventWatch> StartAsync(EngineProbe engine, FuzzWorld world, ContainerOracle containers) => new(engine, world, containers, await engine.StreamAsync("/events"));

    /// <summary>From here on everything is the doing of that role's users.</summary>
    public async Task BeginAsync(FuzzRole current)
    {
        await PassAsync();
        foreach (var container in (await engine.GetAsync("/containers/json?all=1")).EnumerateArray())
        {
            owners[FuzzWorld.Id(container)] = container.Owner() ?? "";
        }

        firstLooks.Clear();
        strangers.Clear();
        told.Clear();
        role = current;
    }

    /// <summary>An answer has given this id as that of something new.</summary>
    public void Tell(string id) => told[id] = true;

    /// <summary>What was wrong since then, a line each.</summary>
    public async Task<List<string>> EndAsync()
    {
        await PassAsync();
        role = null;
        var found = problems.Distinct().Concat(strangers.Where(stranger => told.ContainsKey(stranger.Key)).Select(stranger => $"somebody was told of the container {stranger.Key} of {stranger.Value}'s")).ToList();
        problems.Clear();
        return found;
    }

    public async ValueTask DisposeAsync()
    {
        await ending.CancelAsync();
        await following;
        ending.Dispose();
    }

    /// <summary>Returns once everything that happened before has been seen and judged.</summary>
    private async Task PassAsync()
    {
        var name = $"fz-barrier-{++barrier}";
        var passed = barriers[name] = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await engine.PostAsync("/volumes/create", $"{{\"Name\":\"{name}\"}}");
        await passed.Task.WaitAsync(Hang);
        await engine.DeleteAsync("/volumes/" + name);
        while (open.TryDequeue(out var task))
        {
            await task;
        }
    }

    private async Task FollowAsync(Stream events)
    {
        using var reader = new StreamReader(events);
        try
        {
            while (await reader.ReadLineAsync(ending.Token) is { } line)
            {
                if (line.StartsWith('{'))
                {
                    Take(JsonDocument.Parse(line).RootElement);
                }
            }
        }
        catch (Exception e) when (e is OperationCanceledException or IOException && ending.IsCancellationRequested)
        {
        }
    }

    private void Take(JsonElement happened)
    {
        var (type, action, actor) = (happened.Text("Type"), happened.Text("Action").Split(':')[0], happened.GetProperty("Actor"));
        var (id, attributes) = (actor.Text("ID"), actor.Member("Attributes"));
        if (id.StartsWith("fz-barrier-", StringComparison.Ordinal))
        {
            if (barriers.TryRemove(id, out var passed))
            {
                passed.SetResult();
            }

            return;
        }

        if (type == "container" && attributes.Text("gateway.owner") is { Length: > 0 } owner)
        {
            owners[id] = owner;
        }

        if (type == "container" && action == "create")
        {
            firstLooks[id] = engine.GetAsync($"/containers/{id}/json");
        }

        if (role is { } current)
        {
            Seen++;
            open.Enqueue(JudgeAsync(current, type, action, id, attributes, happened.GetRawText()));
        }
    }

    private async Task JudgeAsync(FuzzRole current, string type, string action, string id, JsonElement attributes, string whole)
    {
        try
        {
            var problem = type switch
            {
                "container" => await ContainerAsync(current, action, id, attributes),
                "volume" => await VolumeAsync(current, action, id, attributes),
                "network" => await NetworkAsync(current, action, id, attributes),
                "image" => Image(current, action, attributes),
                _ => $"something happened to a {type}",
            };
            if (problem is not null)
            {
                problems.Enqueue($"{problem}: {whole}");
            }
        }
        catch (TaskCanceledException) when (current.Users.Contains(attributes.Text("gateway.owner")))
        {
            // An engine that is starting an exec answers nothing about it until it has.
        }
        catch (Exception e) when (e is HttpRequestException or InvalidOperationException or JsonException or TaskCanceledException)
        {
            problems.Enqueue($"could not be judged, {e.Message}: {whole}");
        }
    }

    private async Task<string?> ContainerAsync(FuzzRole current, string action, string id, JsonElement attributes)
    {
        var owner = attributes.Text("gateway.owner");
        var own = current.Users.Contains(owner);
        var whose = own ? Whose.Own : attributes.Text("team") == "fz" ? Whose.Selected : Whose.Others;
        if (!own && !world.Known.Contains(id))
        {
            // The steps of a build, which have the labels that an image gives them; or what is taken back again before anybody is told of it.
            strangers[id] = owner;
            return action == "start" && !current.Allows(Whose.Own, "ImageBuild") ? "a container of nobody's was started"
                : action == "start" && await StartedAsync(current, id, null) is { Count: > 0 } wrong ? $"a build's step was started {string.Join(", ", wrong)}"
                : action is "exec_create" or "exec_start" or "archive-path" or "extract-to-dir" or "export" or "rename" or "update" ? "a container of nobody's was used"
                : null;
        }

        if (Passive.Contains(action))
        {
            return own || current.Allows(whose, "ContainerStop", "ContainerKill", "ContainerRestart", "ContainerExec") ? null : "another's container ended";
        }

        if (!current.Allows(whose, Causes.GetValueOrDefault(action) ?? [action]))
        {
            return $"the role {current.Name} allows that on no object of {owner}'s";
        }

        return action switch
        {
            "start" when own && await StartedAsync(current, id, owner) is { Count: > 0 } problems => $"started {string.Join(", ", problems)}",
            "exec_create" or "exec_start" => await ExecAsync(current, attributes.Text("execID")),
            _ => null,
        };
    }

    private async Task<List<string>> StartedAsync(FuzzRole current, string id, string? owner)
    {
        var found = await engine.GetAsync($"/containers/{id}/json");
        if (found.ValueKind != JsonValueKind.Object && firstLooks.TryGetValue(id, out var first))
        {
            found = await first;
        }

        return found.ValueKind == JsonValueKind.Object ? await containers.ProblemsAsync(found, current, owner) : [];
    }

    /// <summary>Whether an exec is harmless; null where it is, or where it is gone.</summary>
    public async Task<string?> ExecAsync(FuzzRole current, string id)
    {
        var exec = await engine.GetAsync($"/exec/{id}/json");
        if (exec.ValueKind != JsonValueKind.Object || exec.Member("ProcessConfig") is not { ValueKind: JsonValueKind.Object } process)
        {
            return null;
        }

        var user = process.Text("user").Split(':');
        return process.True("privileged") ? "a privileged exec"
            : current.Text("user") == "non-root" && !user.All(part => long.TryParse(part, System.Globalization.NumberStyles.None, System.Globalization.CultureInfo.InvariantCulture, out var number) && number > 0) ? $"an exec as {process.Text("user")}"
            : null;
    }

    private async Task<string?> VolumeAsync(FuzzRole current, string action, string name, JsonElement attributes)
    {
        var folder = name.StartsWith("gateway-folder.", StringComparison.Ordinal);
        if (action == "create" && (folder || attributes.Text("driver") != "local"))
        {
            return folder && current.List("binds", current.Users[0], "source").Count > 0 ? null : "a volume of another driver, or that nobody was granted";
        }

        var volume = await engine.GetAsync("/volumes/" + Uri.EscapeDataString(name));
        if (volume.Owner() is { } found)
        {
            owners[name] = found;
        }

        var owner = owners.GetValueOrDefault(name);
        return action switch
        {
            "create" => volume.ValueKind == JsonValueKind.Object && (owner is null || !current.Users.Contains(owner) || !volume.Empty("Options")) && !current.Allows(Whose.Own, "ImageBuild") ? $"a volume of {owner}'s was made" : null,
            "mount" => !folder && owner is not null && owners.GetValueOrDefault(attributes.Text("container")) is var user && user != owner ? $"a volume of {owner}'s was mounted by {user}" : null,
            "destroy" => owner is null || current.Users.Contains(owner) ? null : $"a volume of {owner}'s was removed",
            _ => null,
        };
    }

    private async Task<string?> NetworkAsync(FuzzRole current, string action, string id, JsonElement attributes)
    {
        var network = await engine.GetAsync("/networks/" + id);
        if (network.Owner() is { } found)
        {
            owners[id] = found;
        }

        var owner = owners.GetValueOrDefault(id);
        switch (action)
        {
            case "create":
                return network.ValueKind == JsonValueKind.Object && (owner is null || !current.Users.Contains(owner)) ? $"a network of {owner}'s was made" : null;
            case "destroy" or "remove":
                return owner is null || current.Users.Contains(owner) ? null : $"a network of {owner}'s was removed";
            case "connect":
                var container = owners.GetValueOrDefault(attributes.Text("container"));
                var joins = container is not null && !current.Users.Contains(container) && !strangers.ContainsKey(attributes.Text("container")) ? current.Allows(Whose.Selected, "ContainerStart", "ContainerRestart") : ContainerOracle.IsGrantedNetwork(attributes.Text("name"), owner, current, container is not null && current.Users.Contains(container) ? container : "");
                return joins ? null : $"a container of {container}'s joined the network of {owner}'s";
            default:
                return null;
        }
    }

    private string? Image(FuzzRole current, string action, JsonElement attributes)
    {
        var name = attributes.Text("name");
        return action switch
        {
            "tag" => current.Allows(Whose.Own, "ImageTag", "ImageBuild", "ImageCommit", "ImageCreate") && world.IsOwnImage(name) ? null : "an image was given a name",
            "untag" or "delete" => current.Allows(Whose.Own, "ImageDelete", "ImageTag", "ImageBuild", "ImageCommit") ? null : "an image lost a name",
            "save" => current.Allows(Whose.Own, "ImageGet", "ImageGetAll") ? null : "an image was handed out",
            "load" or "import" or "prune" => $"images were changed by {action}",
            _ => null,
        };
    }
}
