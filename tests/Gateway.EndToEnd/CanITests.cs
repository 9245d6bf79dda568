using System.Text;
using System.Text.Json;
using Gateway.EndToEnd.Support;
using Gateway.Offline;
using Gateway.Policy.Files;
using Gateway.Tests.Offline.Support;
using Xunit;

namespace Gateway.EndToEnd;

[Collection(DebianEngine.Name)]
public sealed class CanIOnDebianEngine(DebianHost host) : CanITests(host);

[Collection(ModernEngine.Name)]
public sealed class CanIOnModernEngine(ModernHost host) : CanITests(host);

/// <summary>What is said offline is what the running gateway decides, by the same rule.</summary>
public abstract class CanITests(GatewayHost host)
{
    private const int Requests = 150;

    // Those that would have the engine speak to a registry.
    private static readonly string[] Left = ["ImageCreate", "SystemAuth", "ImageBuild"];

    [Fact]
    public async Task GivesTheAnswerOfARunningGateway()
    {
        var policy = PolicyFolder.Load(host.Policies, new PolicyLoadOptions()).Policy!;
        var random = new RandomRequest(new Random(11));
        var asked = Enumerable.Range(0, Requests).Select(_ => random.Next()).Where(request => !Left.Contains(request.Read().Operation?.Name)).ToList();
        var before = File.ReadLines(host.AuditLog).Count();
        foreach (var request in asked)
        {
            // A marker in the agent's name would not be recorded: records come in the requests' order, one connection after the other.
            await RawClient.SendAsync(host, "alice", Bytes(request));
        }

        var records = File.ReadLines(host.AuditLog).Skip(before).Select(line => JsonDocument.Parse(line).RootElement)
            .Where(record => record.GetProperty("event").GetString() == "decision" && Text(record, "user") == "alice").ToList();
        Assert.Equal(asked.Count, records.Count);
        var (decided, caller) = (0, OfflineCaller.Find(policy, "alice"));
        foreach (var (request, record) in asked.Zip(records))
        {
            var answer = OfflineDecision.Decide(caller, request, new OfflineFacts());
            if (answer.Outcome == Outcome.Undecided)
            {
                continue;
            }

            decided++;
            var said = $"{request.Method} {request.Target} {Encoding.UTF8.GetString(request.Body.Span)}: {answer.Decision.Detail} / {record}";
            Assert.True((answer.Outcome == Outcome.Allowed) == (Text(record, "decision") == "allow"), said);

            // Which rule a denial stopped at depends on what the engine has; that it is one does not.
            Assert.True(answer.Outcome != Outcome.Allowed || answer.Decision.Rule == Text(record, "rule"), said);
        }

        Assert.True(decided > asked.Count / 4, $"{decided} of {asked.Count}");
    }

    [Theory]
    [InlineData("run --rm busybox true", 0)]
    [InlineData("run --rm --privileged busybox true", 1)]
    [InlineData("run --rm -v /etc:/etc busybox true", 1)]
    [InlineData("run --rm --network host busybox true", 1)]
    [InlineData("run --rm -p 127.0.0.1:20080:80 busybox true", 0)]
    [InlineData("run --rm -p 80:80 busybox true", 1)]
    public async Task SaysOfADockerCommandWhatBecomesOfIt(string line, int exit)
    {
        var said = await Run.Async("dotnet", [GatewayHost.Built("gateway.dll"), "policy", "can-i", "--policies", host.Policies, "--user", "alice", "--", "docker", .. line.Split(' ')]);
        Assert.True(exit == said.ExitCode, said.Whole);
        var done = await host.Docker("alice", line);
        Assert.True((exit == 0) == (done.ExitCode == 0), done.Whole);
    }

    private static string Bytes(OfflineRequest request) =>
        $"{request.Method} {request.Target} HTTP/1.1\r\nHost: docker\r\n{string.Concat(request.Headers.Select(head => $"{head.Name}: {head.Value}\r\n"))}"
        + (request.Body.IsEmpty ? "\r\n" : $"Content-Length: {request.Body.Length}\r\n\r\n{Encoding.Latin1.GetString(request.Body.Span)}");

    private static string? Text(JsonElement record, string name) => record.TryGetProperty(name, out var value) ? value.GetString() : null;
}
