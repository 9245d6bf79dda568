using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json;
using Gateway.EndToEnd.Support;
using Gateway.EngineApi;
using Gateway.Forwarding;
using Gateway.Objects;
using Gateway.Offline;
using Gateway.Policy;
using Gateway.Tests.Offline.Support;
using Xunit;

namespace Gateway.EndToEnd;

[Collection(DebianEngine.Name)]
public sealed class CanIOnDebianEngine(DebianHost host) : CanITests(host);

[Collection(ModernEngine.Name)]
public sealed class CanIOnModernEngine(ModernHost host) : CanITests(host);

/// <summary>What is said offline is what the running gateway decides: the same answer by the same rule of the same role, and for the same reason.</summary>
/// <remarks><c>GATEWAY_CANI_POLICIES</c> says how many random policies are tried on each engine, with 25 requests each; <c>GATEWAY_CANI_SEED</c> the first of them.</remarks>
public abstract class CanITests(GatewayHost host)
{
    private const int RequestsEach = 25;
    private const string Cut = "(cut)";

    // Those that would have the engine speak to a registry, where they are allowed.
    private static readonly string[] Left = ["ImageCreate", "SystemAuth"];
    private static readonly int Policies = Number("GATEWAY_CANI_POLICIES", 12);
    private static readonly int First = Number("GATEWAY_CANI_SEED", 0);

    [Fact]
    public async Task GivesTheAnswerOfARunningGateway()
    {
        var folder = Directory.CreateTempSubdirectory("gateway-can-i-").FullName;
        var world = new KnownObjects(host);
        try
        {
            using var connections = new EngineConnections(new EngineEndpoint(host.EngineSocket));
            var resolver = new ObjectResolver(new EngineClient(connections));
            await File.WriteAllTextAsync(Path.Combine(folder, "a.yaml"), "version: 1\nroles: {r: {rules: [{id: x, allow: [SystemPing]}]}}\n", TestContext.Current.CancellationToken);
            var port = FreePort();
            await using var gateway = await GatewayProcess.StartAsync(port,
                [GatewayHost.Built("gateway.dll"), "serve", "-H", $"tcp://127.0.0.1:{port}", "--engine", "unix://" + host.EngineSocket, "--policies", folder, "--pki", host.Pki, "--audit-log", Path.Combine(folder, "audit.log"), "--control-socket", Path.Combine(folder, "control", "gateway.sock")]);
            using var alice = Client("alice");
            using var bob = Client("bob");
            var clients = new Dictionary<string, HttpClient> { ["alice"] = alice, ["bob"] = bob };
            var (decided, certain, asked) = (0, 0, 0);
            for (var seed = First; seed < First + Policies; seed++)
            {
                var random = new Random(seed);
                var (text, policy) = new RandomPolicy(random).Next();
                var requests = new RandomRequest(random);
                await LoadAsync(gateway, folder, text, seed);
                await world.EnsureAsync();
                var tried = new List<(string User, OfflineRequest Request, OfflineAnswer Blind, OfflineAnswer Known)>();
                var before = Records(folder).Count;
                for (var n = 0; n < RequestsEach; n++)
                {
                    var caller = OfflineCaller.Find(policy, n % 3 == 0 ? "bob" : "alice");
                    var request = requests.Next();
                    var blind = OfflineDecision.Decide(caller, request, new OfflineFacts());
                    if (blind.Outcome != Outcome.Denied && Left.Contains(blind.Request.Operation?.Name))
                    {
                        continue;
                    }

                    var known = OfflineDecision.Decide(caller, request, new OfflineFacts { Known = await FindAsync(resolver, request) });
                    await SendAsync(clients[caller.User], gateway.Port, request);
                    tried.Add((caller.User, request, blind, known));
                }

                var records = Records(folder).Skip(before).ToList();
                Assert.Equal(tried.Count, records.Count);
                foreach (var ((user, request, blind, known), record) in tried.Zip(records))
                {
                    var said = $"seed {seed}, {user}: {request.Method} {request.Target} {Encoding.UTF8.GetString(request.Body.Span)}\nsaid {Shown(known.Decision)}\ndone {record}\n{text}";
                    var allowed = Text(record, "decision") == "allow";
                    Assert.True(blind.Outcome == Outcome.Undecided || (blind.Outcome == Outcome.Allowed) == allowed, said);
                    Assert.True(blind.Outcome != Outcome.Allowed || blind.Worlds.Any(w => Shown(w.Decision) == Shown(record)), said);

                    // Where the engine's objects are known, all that is left open is what its host says of bound paths.
                    Assert.True(known.Worlds.Any(w => IsSame(Shown(w.Decision), Shown(record))), said);
                    asked++;
                    decided += blind.Outcome == Outcome.Undecided ? 0 : 1;
                    certain += known.Worlds.Select(w => Shown(w.Decision)).Distinct().Count() == 1 ? 1 : 0;
                }
            }

            Assert.True(decided > asked / 4 && certain > asked * 3 / 4, $"of {asked} {decided} were decided without the engine, {certain} with its objects");
            TestContext.Current.TestOutputHelper?.WriteLine($"{asked} requests: {decided} decided without the engine, {certain} with its objects");
        }
        finally
        {
            await world.RemoveAsync();
            Directory.Delete(folder, recursive: true);
        }
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

    /// <summary>Another number of users each time tells in the gateway's log that it is this policy which was read.</summary>
    private async Task LoadAsync(GatewayProcess gateway, string folder, string text, int seed)
    {
        var more = string.Concat(Enumerable.Range(0, 1 + (seed % 2)).Select(i => $"  more{i}: {{roles: []}}\n"));
        await File.WriteAllTextAsync(Path.Combine(folder, "b.new"), $"version: 1\nusers:\n{more}");
        File.Move(Path.Combine(folder, "b.new"), Path.Combine(folder, "b.yaml"), overwrite: true);
        await File.WriteAllTextAsync(Path.Combine(folder, "a.new"), text);
        File.Move(Path.Combine(folder, "a.new"), Path.Combine(folder, "a.yaml"), overwrite: true);
        var expected = $"reloaded: {3 + (seed % 2)} users";
        await host.UntilAsync(() => Task.FromResult(gateway.Log.Split('\n').LastOrDefault(line => line.Contains("reload", StringComparison.Ordinal)) ?? ""), line => line.Contains(expected, StringComparison.Ordinal));
    }

    private static async Task<Dictionary<ObjectReference, EngineObject?>> FindAsync(ObjectResolver resolver, OfflineRequest request)
    {
        var read = request.Read();
        if (read.Refusal is not null)
        {
            return [];
        }

        try
        {
            var found = await resolver.FindAllAsync(RequestReferences.Of(read, request.Body), TestContext.Current.CancellationToken);
            var stored = read.Operation!.Name == "ContainerStart" && found.Values.OfType<EngineObject>().FirstOrDefault() is { } container ? StoredReferences.Of(container) : [];
            foreach (var (reference, one) in await resolver.FindAllAsync(stored, TestContext.Current.CancellationToken))
            {
                found[reference] = one;
            }

            return found;
        }
        catch (RequestRefusedException)
        {
            return [];
        }
    }

    private static List<JsonElement> Records(string folder)
    {
        using var reader = new StreamReader(new FileStream(Path.Combine(folder, "audit.log"), FileMode.Open, FileAccess.Read, FileShare.ReadWrite));
        return [.. reader.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonDocument.Parse(line).RootElement).Where(record => Text(record, "event") == "decision")];
    }

    private static string Shown(Decision decision) =>
        decision.Allowed ? $"allow {decision.Role} {decision.Rule}" : $"deny {decision.Role} {decision.Rule} {decision.Status} {decision.Reason}: {decision.Detail}";

    // A record's long texts are cut.
    private static bool IsSame(string said, string recorded) =>
        said == recorded || (recorded.EndsWith(Cut, StringComparison.Ordinal) && said.StartsWith(recorded[..^Cut.Length], StringComparison.Ordinal));

    private static string Shown(JsonElement record) => Text(record, "decision") == "allow"
        ? $"allow {Text(record, "role")} {Text(record, "rule")}"
        : $"deny {Text(record, "role")} {Text(record, "rule")} {record.GetProperty("status").GetInt32()} {Text(record, "reason")}";

    private HttpClient Client(string user)
    {
        var handler = new SocketsHttpHandler { UseProxy = false };
        using var server = X509Certificate2.CreateFromPem(File.ReadAllText(host.ServerCertificate));
        var pinned = server.RawData;
        handler.SslOptions.RemoteCertificateValidationCallback = (_, seen, _, _) => seen?.GetRawCertData().AsSpan().SequenceEqual(pinned) == true;
        handler.SslOptions.ClientCertificates = [X509Certificate2.CreateFromPemFile(host.ClientFile(user, "cert.pem"), host.ClientFile(user, "key.pem"))];
        return new HttpClient(handler);
    }

    private static async Task SendAsync(HttpClient client, int port, OfflineRequest request)
    {
        using var message = new HttpRequestMessage(new HttpMethod(request.Method), $"https://127.0.0.1:{port}{request.Target}");
        if (!request.Body.IsEmpty)
        {
            message.Content = new ByteArrayContent(request.Body.ToArray());
            message.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        }

        using var answer = await client.SendAsync(message, TestContext.Current.CancellationToken);
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    private static int Number(string variable, int otherwise) =>
        Environment.GetEnvironmentVariable(variable) is { Length: > 0 } given ? int.Parse(given, CultureInfo.InvariantCulture) : otherwise;

    private static string? Text(JsonElement record, string name) => record.TryGetProperty(name, out var value) ? value.GetString() : null;
}
