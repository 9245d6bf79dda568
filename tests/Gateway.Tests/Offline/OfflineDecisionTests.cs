using Gateway.Offline;
using Gateway.Policy;
using Gateway.Tests.Policy.Files.Support;
using Xunit;

namespace Gateway.Tests.Offline;

public sealed class OfflineDecisionTests : IDisposable
{
    private readonly PolicyDirectory _dir = new();

    public void Dispose() => _dir.Dispose();

    [Theory]
    [InlineData("GET", "/version", null, "Allowed")]
    [InlineData("POST", "/containers/create", """{"Image":"busybox"}""", "Allowed")]
    [InlineData("POST", "/containers/create", """{"Image":"busybox","HostConfig":{"Privileged":true}}""", "Denied")]
    [InlineData("POST", "/containers/web/stop", null, "Undecided")]
    [InlineData("POST", "/containers/create", """{"Image":"busybox","HostConfig":{"Binds":["data:/d"]}}""", "Undecided")]
    [InlineData("POST", "/containers/create", """{"Image":"busybox","HostConfig":{"Binds":["/srv/alice:/d:ro"]}}""", "Undecided")]
    [InlineData("POST", "/containers/create", """{"Image":"busybox","HostConfig":{"Binds":["/etc:/d:ro"]}}""", "Denied")]
    [InlineData("POST", "/swarm/init", "{}", "Denied")]
    [InlineData("GET", "/a//b", null, "Denied")]
    public void DecidesOnlyWhatNoEngineIsNeededFor(string method, string target, string? body, string outcome) =>
        Assert.Equal(outcome, Decide("{rules: [{id: all, allow: [\"*\"]}], grants: {images: [busybox], networks: [bridge], binds: [{source: \"/srv/${user}\", access: ro}]}}", method, target, body).Outcome.ToString());

    [Theory]
    [InlineData("on: all", "Allowed")]
    [InlineData("on: {name: \"web*\"}", "Undecided")] // Absent is denied.
    [InlineData("on: {name: \"db*\"}", "Denied")]
    [InlineData("on: {label: {team: a}}", "Undecided")]
    [InlineData("on: {image: \"nginx*\"}", "Undecided")]
    public void TriesBothSidesOfEachSelector(string on, string outcome) =>
        Assert.Equal(outcome, Decide($"{{rules: [{{id: all, allow: [ContainerStop], {on}}}]}}", "POST", "/containers/web/stop", null).Outcome.ToString());

    [Fact]
    public void TriesDenyRulesOnLabelsAndImages() => Assert.All(["label: {team: a}", "image: \"nginx*\""], on =>
        Assert.Equal(Outcome.Undecided, Decide($"{{rules: [{{id: all, allow: [ContainerStop], on: all}}, {{id: not, deny: [ContainerStop], on: {{{on}}}}}]}}", "POST", "/containers/web/stop", null).Outcome));

    [Fact]
    public void KnowsWhatIsAssumed()
    {
        var policy = Policy("{rules: [{id: all, allow: [\"Container*\"]}]}");
        foreach (var (owner, outcome) in new[] { (AssumedOwner.Mine, Outcome.Allowed), (AssumedOwner.Other, Outcome.Denied), (AssumedOwner.Nobody, Outcome.Denied), (AssumedOwner.Absent, Outcome.Denied) })
        {
            Assert.Equal(outcome, OfflineDecision.Decide(OfflineCaller.Find(policy, "alice"), OfflineRequest.Of("POST", "/containers/web/stop"), new OfflineFacts { Objects = owner }).Outcome);
        }
    }

    [Fact]
    public void TakesAnUnknownUserForNobody() =>
        Assert.Equal(DenyReason.UnknownUser, OfflineDecision.Decide(OfflineCaller.Find(Policy("{rules: []}"), "mallory"), OfflineRequest.Of("GET", "/version"), new OfflineFacts()).Decision.Reason);

    [Fact]
    public void FindsMembersOfGroupsByOrganization()
    {
        _dir.Write("a.yaml", "version: 1\nroles: {r: {rules: [{id: x, allow: [SystemVersion]}]}}\ngroups: {g: {roles: [r], organization: ops}}");
        Assert.Equal(Outcome.Allowed, OfflineDecision.Decide(OfflineCaller.Find(_dir.Load().Policy!, "zoe", new Membership(["ops"], [])), OfflineRequest.Of("GET", "/version"), new OfflineFacts()).Outcome);
    }

    private OfflineAnswer Decide(string role, string method, string target, string? body) =>
        OfflineDecision.Decide(OfflineCaller.Find(Policy(role), "alice"), OfflineRequest.Of(method, target, body), new OfflineFacts());

    private AccessPolicy Policy(string role)
    {
        _dir.Write("a.yaml", $"version: 1\nroles:\n  r: {role}\nusers: {{alice: {{roles: [r]}}}}");
        var loaded = _dir.Load();
        Assert.Empty(loaded.Errors);
        return loaded.Policy!;
    }
}
