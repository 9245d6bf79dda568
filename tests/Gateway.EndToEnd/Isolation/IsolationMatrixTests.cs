using System.Collections.Concurrent;
using System.Text.RegularExpressions;
using Gateway.EndToEnd.Support;
using Gateway.EngineApi;
using Xunit;

namespace Gateway.EndToEnd.Isolation;

[Collection(DebianEngine.Name)]
public sealed class IsolationMatrixOnDebianEngine(DebianHost host) : IsolationMatrixTests(host);

[Collection(ModernEngine.Name)]
public sealed class IsolationMatrixOnModernEngine(ModernHost host) : IsolationMatrixTests(host);

/// <summary>Every operation, every place in it that names an object, every way to write the name: of another's object it says what it says of none.</summary>
public abstract partial class IsolationMatrixTests(GatewayHost host) : IAsyncLifetime
{
    private const int AtOnce = 8;
    private readonly Victim victim = new(host);

    public async ValueTask InitializeAsync() => await victim.MakeAsync();

    public async ValueTask DisposeAsync()
    {
        await victim.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    [Fact]
    public void KnowsOfEveryOperationWhereItNamesObjects() =>
        Assert.Equal(OperationCatalogue.All.Select(operation => operation.Name).Order(StringComparer.Ordinal), NamedPlaces.Operations.Order(StringComparer.Ordinal));

    /// <summary>I36, I38, I39, I49.</summary>
    [Fact]
    public async Task I39_AnswersForAnothersObjectWhateverNamesItAsForNone()
    {
        var before = await victim.StateAsync();
        var wrong = new ConcurrentBag<string>();
        var asked =
            from place in NamedPlaces.All
            from name in victim.Names.GetValueOrDefault(place.Kind, [$"victor-{place.Kind.ToString().ToLowerInvariant()}"])
            select (place, name);
        await Parallel.ForEachAsync(asked, new ParallelOptions { MaxDegreeOfParallelism = AtOnce }, async (one, _) =>
        {
            var (place, name) = one;
            var absent = Victim.Absent(name);
            var expected = Comparable(await SendAsync(place, absent), absent, absent);
            var seen = Comparable(await SendAsync(place, name), name, absent);
            if (seen != expected)
            {
                wrong.Add($"{place.Operation} {place.With(name)}:\n  {seen}\n  and for none\n  {expected}");
            }
        });

        Assert.True(wrong.IsEmpty, string.Join('\n', wrong));
        Assert.Equal(before, await victim.StateAsync());
    }

    /// <summary>I40, I47, I48.</summary>
    [Fact]
    public async Task I40_HoldsNothingOfAnothersInAnyAnswer()
    {
        var before = await victim.StateAsync();
        List<(string Method, string Target, string? Body)> requests =
        [
            .. from target in (string[])
                [
                    "/containers/json?all=1", "/containers/json?all=1&size=1", "/containers/json?all=1&limit=50", "/images/json?all=1", "/networks", "/volumes", "/info", "/version", "/_ping",
                    "/system/df", $"/networks/{Victim.Shared}", "/networks/bridge", "/images/busybox/json", "/images/busybox/history", $"/containers/{NamedPlaces.OwnContainer}/json",
                    "/containers/json?filters=" + Uri.EscapeDataString("""{"label":["word"]}"""), "/networks?filters=" + Uri.EscapeDataString("""{"name":["vic"]}"""), "/volumes?filters=" + Uri.EscapeDataString("""{"dangling":["false"]}"""),
                    "/images/json?filters=" + Uri.EscapeDataString("""{"reference":["localhost/*/*"]}"""), "/images/json?filters=" + Uri.EscapeDataString("""{"label":["gateway"]}"""),
                    $"/events?since=1&until={DateTimeOffset.UtcNow.ToUnixTimeSeconds()}", $"/events?since=1&until={DateTimeOffset.UtcNow.ToUnixTimeSeconds()}&filters=" + Uri.EscapeDataString("""{"type":["network","volume","image","exec"]}"""),
                    "/services", "/tasks", "/nodes", "/secrets", "/configs", "/plugins", "/swarm",
                ]
                from version in (string[])["", "/v1.24", "/v1.27", "/v1.41"]
                select ("GET", version + target, (string?)null),
            ("POST", "/containers/create?name=victor-c", """{"Image":"busybox"}"""),
            ("POST", "/containers/create?name=/victor-c", """{"Image":"busybox"}"""),
            ("POST", $"/containers/{NamedPlaces.OwnContainer}/rename?name=victor-c", null),
            ("POST", "/networks/create", """{"Name":"victor-net"}"""),
            ("POST", "/networks/create", """{"Name":"victor-net","CheckDuplicate":false}"""),
            ("POST", "/volumes/create", """{"Name":"victor-vol"}"""),
            ("POST", "/volumes/create", """{"Name":"victor-vol","Driver":"local","Labels":{"word":"mine"}}"""),
            ("POST", "/containers/create", """{"Image":"busybox","HostConfig":{"Binds":["victor-vol:/d"]}}"""),
            ("POST", "/containers/create", """{"Image":"busybox","HostConfig":{"Mounts":[{"Type":"volume","Source":"victor-vol","Target":"/d","VolumeOptions":{"NoCopy":true}}]}}"""),
            ("DELETE", $"/networks/{Victim.Shared}", null), ("DELETE", "/networks/bridge", null),
            ("DELETE", "/images/busybox", null), ("DELETE", "/images/busybox?force=1", null),
            ("POST", "/containers/prune", null), ("POST", "/networks/prune", null), ("POST", "/volumes/prune", null), ("POST", "/images/prune", null), ("POST", "/build/prune", null),
            ("POST", "/containers/prune?filters=" + Uri.EscapeDataString("""{"label!":["none"]}"""), null),
            ("POST", "/volumes/prune?filters=" + Uri.EscapeDataString("""{"all":["true"]}"""), null),
            ("POST", "/networks/prune?filters=" + Uri.EscapeDataString("""{"label":{"word":true}}"""), null),
        ];
        List<string> wrong = [];
        foreach (var (method, target, body) in requests)
        {
            var answer = await RawClient.SendAsync(host, Victim.Attacker, RawEngine.Request(method, target, body));
            wrong.AddRange(victim.Words.Where(word => Holds(answer, word) && !Asked(target + body, word)).Select(word => $"{method} {target} {body} holds \"{word}\": {answer}"));
        }

        Assert.True(wrong.Count == 0, string.Join('\n', wrong));
        Assert.Equal(before, await victim.StateAsync());
    }

    [Fact]
    public async Task I40_NamesNobodyWhereAPortIsTaken()
    {
        await host.Docker(Victim.Attacker, $"create --name mallory-p -p 127.0.0.1:{Victim.Port}:80 busybox true");

        var refused = await host.Docker(Victim.Attacker, "start mallory-p");

        Assert.NotEqual(0, refused.ExitCode);
        Assert.All(victim.Words, word => Assert.False(Holds(refused.Whole, word), $"{refused.Whole} holds {word}"));
    }

    private Task<string> SendAsync(NamedPlace place, string name)
    {
        var (target, body) = place.With(name);
        return RawClient.SendAsync(host, Victim.Attacker, RawEngine.Request(place.Operation.Method, target, body));
    }

    /// <summary>The whole answer but for the hour and the request's own id, with one name in the place of the other, which is as long.</summary>
    private static string Comparable(string answer, string name, string absent)
    {
        var text = RequestId().Replace(Date().Replace(answer, ""), "ID");
        foreach (var (from, to) in new[] { (name, absent), (name.Split(':')[0], absent.Split(':')[0]) }.Where(pair => pair.Item1 is not "sha256"))
        {
            text = text.Replace(from, to, StringComparison.Ordinal);
        }

        return text;
    }

    /// <summary>As a word of its own: an address may be the beginning of another.</summary>
    private static bool Holds(string answer, string word) => Regex.IsMatch(answer, $"(?<![0-9A-Za-z]){Regex.Escape(word)}(?![0-9A-Za-z])");

    private static bool Asked(string request, string word) => Uri.UnescapeDataString(request).Contains(word, StringComparison.Ordinal);

    [GeneratedRegex("Date: [^\r]*\r\n")]
    private static partial Regex Date();

    [GeneratedRegex("\\(request [0-9a-f]{16}\\)")]
    private static partial Regex RequestId();
}
