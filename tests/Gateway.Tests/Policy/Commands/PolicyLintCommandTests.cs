using Gateway.Policy.Commands;
using Gateway.Tests.Policy.Files.Support;
using Xunit;

namespace Gateway.Tests.Policy.Commands;

public sealed class PolicyLintCommandTests : IDisposable
{
    private const string Ping = "{id: p, allow: [SystemPing, SystemPingHead]}";

    private readonly PolicyDirectory _dir = new();
    private readonly StringWriter _output = new();
    private readonly StringWriter _error = new();

    public void Dispose()
    {
        _dir.Dispose();
        _output.Dispose();
        _error.Dispose();
    }

    [Theory]
    [InlineData("", "", "", "")]
    [InlineData("{id: x, allow: [ContainerStop]}, {id: d, deny: [ContainerStop]}", "", "", "shadowed-by-deny")]
    [InlineData("{id: x, allow: [ContainerStop]}, {id: y, allow: [\"Container*\"]}", "images: [nginx]", "", "redundant")]
    [InlineData("{id: x, allow: [ContainerStop], on: {name: web}}, {id: y, allow: [ContainerStop], on: {name: \"w*\"}}", "", "", "redundant")]
    [InlineData("{id: x, allow: [ContainerStop], on: {label: {a: b}}}", "", "", "selector-for-changes")]
    [InlineData("{id: x, allow: [ContainerInspect], on: {label: {a: b}}}", "", "", "")]
    [InlineData("{id: x, allow: [ContainerExec]}", "", "", "incomplete")]
    [InlineData("{id: x, allow: [SwarmInit]}", "", "", "without-effect")]
    [InlineData("", "capabilities: [NET_BIND_SERVICE]", "", "unused-grant")]
    [InlineData("{id: x, allow: [\"Container*\"]}, {id: e, allow: [\"Exec*\"]}", "networks: [bridge]", "", "missing-grant")]
    [InlineData("{id: x, allow: [ImageInspect]}", "images: [nginx, \"nginx:1.*\"]", "", "duplicate")]
    [InlineData("{id: x, allow: [\"Network*\"]}", "networks: [bridge, bridge]", "", "duplicate")]
    [InlineData("", "", "users: {zoe: {roles: []}}", "user-without-role")]
    [InlineData("", "", "users: {zoe: {roles: [r, r]}}", "duplicate")]
    [InlineData("", "", "groups: {g: {roles: [r]}}", "empty-group")]
    [InlineData("", "", "groups: {g: {roles: [], members: [alice]}}", "group-without-role")]
    public void FindsWhatIsDoubtful(string rules, string grants, string more, string found)
    {
        _dir.Write("a.yaml", $"version: 1\nroles:\n  r:\n    rules: [{Ping}{(rules.Length > 0 ? ", " : "")}{rules}]\n    grants: {{{grants}}}\nusers: {{alice: {{roles: [r]}}}}\n");
        if (more.Length > 0) _dir.Write("b.yaml", "version: 1\n" + more);
        var exit = PolicyLintCommand.Run(_dir.Root, "text", PolicyDirectory.OrdinaryHost, _output, _error);
        Assert.Equal(found.Length == 0 ? 0 : 1, exit);
        if (found.Length > 0) Assert.Matches($"[ab]\\.yaml:[0-9]+:[0-9]+: {found}: ", _output.ToString());
        else Assert.Equal("0 findings\n", _output.ToString());
    }

    [Fact]
    public void FindsUnusedAndEmptyRoles()
    {
        _dir.Write("a.yaml", "version: 1\nroles: {r: {rules: []}}");
        Assert.Equal(1, PolicyLintCommand.Run(_dir.Root, "json", PolicyDirectory.OrdinaryHost, _output, _error));
        Assert.Contains("\"rule\": \"unused-role\"", _output.ToString(), StringComparison.Ordinal);
        Assert.Contains("\"rule\": \"empty-role\"", _output.ToString(), StringComparison.Ordinal);
    }
}
