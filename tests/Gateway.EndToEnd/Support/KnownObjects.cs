using System.Text.Json.Nodes;

namespace Gateway.EndToEnd.Support;

/// <summary>The objects that random requests name: alice's, bob's and nobody's, made at the engine itself and made again when a request has removed them.</summary>
internal sealed class KnownObjects(GatewayHost host)
{
    private static readonly string[] Tags = ["nginx:1.29", "localhost/alice/app:latest", "docker.io/bob/x:1"];

    // What random requests make.
    private static readonly string[] Made = ["localhost/alice/app:v2", "alice/y:v2", "busybox:v2"];

    public async Task EnsureAsync()
    {
        await RemoveAsync("/containers/new?force=1&v=1");
        await RemoveAsync("/volumes/new");
        foreach (var tag in Tags)
        {
            var (name, version) = (tag[..tag.LastIndexOf(':')], tag[(tag.LastIndexOf(':') + 1)..]);
            await RawEngine.SendAsync(host, "POST", $"/images/busybox/tag?repo={name}&tag={version}", null);
        }

        await VolumeAsync("data", "alice");
        await NetworkAsync("shared");
        await ContainerAsync("web", "alice", "nginx:1.29", new JsonObject { ["team"] = "a" });
        await ContainerAsync("web-1", "bob", "busybox", new JsonObject { ["team"] = "a", ["tier"] = "web" });
        await ContainerAsync("db", null, "nginx:1.29", []);
    }

    public async Task RemoveAsync()
    {
        foreach (var name in (string[])["web", "web-1", "db", "new"])
        {
            await RemoveAsync($"/containers/{name}?force=1&v=1");
        }

        await RemoveAsync("/volumes/data");
        await RemoveAsync("/volumes/new");
        await RemoveAsync("/networks/shared");
        foreach (var tag in Tags.Concat(Made))
        {
            await RemoveAsync($"/images/{tag}");
        }
    }

    private async Task ContainerAsync(string name, string? owner, string image, JsonObject labels)
    {
        if (RawClient.Status(await RawEngine.SendAsync(host, "GET", $"/containers/{name}/json", null)) == 200)
        {
            return;
        }

        // One that ends at once when it is told to.
        var body = new JsonObject { ["Image"] = image, ["Cmd"] = new JsonArray("sh", "-c", "trap exit TERM; sleep 3600 & wait"), ["Labels"] = Owned(labels, owner) };
        await RawEngine.SendAsync(host, "POST", $"/containers/create?name={name}", body.ToJsonString());
    }

    private async Task VolumeAsync(string name, string owner) =>
        await RawEngine.SendAsync(host, "POST", "/volumes/create", new JsonObject { ["Name"] = name, ["Labels"] = Owned([], owner) }.ToJsonString());

    private async Task NetworkAsync(string name)
    {
        if (RawClient.Status(await RawEngine.SendAsync(host, "GET", $"/networks/{name}", null)) != 200)
        {
            await RawEngine.SendAsync(host, "POST", "/networks/create", new JsonObject { ["Name"] = name }.ToJsonString());
        }
    }

    private Task<string> RemoveAsync(string target) => RawEngine.SendAsync(host, "DELETE", target, null);

    private static JsonObject Owned(JsonObject labels, string? owner)
    {
        if (owner is not null)
        {
            labels["gateway.owner"] = owner;
        }

        return labels;
    }
}
