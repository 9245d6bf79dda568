using System.Text.Json;
using Gateway.Policy.Listing;
using Gateway.Tests.Policy.Files.Support;
using Xunit;

namespace Gateway.Tests.Policy.Commands;

public sealed class PolicyListCommandTests : IDisposable
{
    private readonly PolicyDirectory _dir = new();

    public void Dispose() => _dir.Dispose();

    [Fact]
    public void ListsQuotaAndRate()
    {
        _dir.Write("a.yaml", "version: 1\nroles: {r: {rules: [{id: x, allow: [SystemVersion]}], quota: {containers: 3, memory: 2g, cpus: \"1.5\"}, rate: {requests: 5/s, burst: 9}}}");
        var policy = _dir.Load().Policy!;
        Assert.All(["quota   containers 3, memory 2g, cpus 1.5", "rate    5/s, burst 9"], row => Assert.Contains(row, PolicyListing.Table(policy), StringComparison.Ordinal));
        using var json = JsonDocument.Parse(PolicyListing.Json(policy));
        Assert.Equal("memory 2g", json.RootElement.GetProperty("roles").GetProperty("r").GetProperty("quota")[1].GetString());
    }

    [Fact]
    public void ListsAllThatIsDefined()
    {
        _dir.Write("a.yaml", "version: 1\nroles: {r: {about: Works., rules: [{id: x, allow: [\"Container*\", SystemVersion], on: all}], grants: {images: [\"*\"], privileged: true}}}\nusers: {alice: {roles: [r]}}\ngroups: {g: {roles: [r], members: [alice], organization: ops}}");
        var policy = _dir.Load().Policy!;
        var table = PolicyListing.Table(policy);
        Assert.All(["r     1                       Works.", "allow Container*, SystemVersion", "privileged  true", "alice  r      g", "g      r      alice    ops"], row => Assert.Contains(row, table, StringComparison.Ordinal));
        using var json = JsonDocument.Parse(PolicyListing.Json(policy));
        Assert.Equal("all", json.RootElement.GetProperty("roles").GetProperty("r").GetProperty("rules")[0].GetProperty("on").GetString());
        Assert.Equal("true", json.RootElement.GetProperty("roles").GetProperty("r").GetProperty("grants").GetProperty("privileged")[0].GetString());
        Assert.Equal("ops", json.RootElement.GetProperty("groups").GetProperty("g").GetProperty("organization").GetString());
    }
}
