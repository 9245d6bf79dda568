using System.Globalization;
using Gateway.Audit;
using Gateway.EngineApi;
using Gateway.Identity;
using Gateway.Objects;
using Gateway.Policy;
using Gateway.Policy.Commands;
using Gateway.Policy.Reach;
using Gateway.Policy.Testing;
using Gateway.Tests.Offline.Support;
using Gateway.Tests.Policy.Files.Support;
using Xunit;

namespace Gateway.Tests.Replay;

/// <summary>
/// Random policies decide random requests, the log is learned from: the role allows each call that was seen, nothing can be taken
/// from it, and it reaches root only where the roles it was learned from do. <c>GATEWAY_TEST_SEED</c> plays one log again.
/// </summary>
public sealed class LearnPropertyTests
{
    private const string User = "alice";
    private const int Logs = 120;
    private const int RequestsEach = 40;

    /// <summary>A role that lets most requests through, since random ones mostly end at a grant that is not there.</summary>
    private const string Generous = """
        version: 1
        roles:
          r0:
            rules: [{id: x0, allow: ["*"]}]
            grants:
              images: ["*"]
              own-images: ["docker.io/${user}/*", "localhost/${user}/*"]
              networks: [bridge, none, own, shared]
              binds: [{source: /srv/a, access: rw, setuid: accepted}, {source: "/srv/${user}", access: ro}]
              publish: {addresses: [127.0.0.1, 0.0.0.0], ports: 1-65535}
              capabilities: [NET_ADMIN, SYS_PTRACE, NET_BIND_SERVICE]
              devices: [/dev/fuse, /dev/kvm]
              gpus: all
              sysctls: [net.core.somaxconn, kernel.msgmax]
              security-options: [label=disable, seccomp=unconfined]
              host-namespaces: [network, pid, ipc, uts]
              privileged: true
              memory: {default: 512m, max: 8g}
              cpus: {default: "1", max: "8"}
              pids: {default: 64, max: 4096}
        users: {alice: {roles: [r0]}}
        """;

    private static readonly ClientIdentity Alice = new(User, [], null, "127.0.0.1:1", null);

    private static IEnumerable<int> Seeds =>
        int.TryParse(Environment.GetEnvironmentVariable("GATEWAY_TEST_SEED"), CultureInfo.InvariantCulture, out var seed) ? [seed] : Enumerable.Range(0, Logs);

    [Fact]
    public async Task AllowsWhatWasSeenAndNothingCanBeTakenFromIt()
    {
        var (learned, calls, creates) = (0, 0, 0);
        foreach (var seed in Seeds)
        {
            using var folder = new PolicyDirectory();
            var (text, policy, seen) = await SeeAsync(new Random(seed), Path.Combine(folder.Root, "audit.log"));
            if (seen.Count == 0)
            {
                continue;
            }

            using var output = new StringWriter();
            Assert.True(PolicyLearnCommand.Run([Path.Combine(folder.Root, "audit.log")], User, DateTimeOffset.MinValue, PolicyDirectory.OrdinaryHost, output, output) == 0, $"seed {seed}: {output}");
            folder.Write("draft.yaml", output.ToString());
            var about = $"seed {seed}\n{text}\n{output}";
            Assert.True(folder.Load() is { Errors.Count: 0 }, about + string.Join('\n', folder.Errors()));
            var role = folder.Load().Policy!.Roles["learned-" + User];

            Assert.All(seen, call => Assert.True(Decide(role, call, policy).Allowed, $"{call.Request.Operation} {call.Body}: {Decide(role, call, policy).Detail}\n{about}"));
            NothingCanBeTaken(role, seen, policy, about);
            Assert.True(!ReachesRoot(folder.Root, folder.Load().Policy!) || ReachesRoot(folder.Root, policy), about);
            (learned, calls, creates) = (learned + 1, calls + seen.Count, creates + seen.Count(call => call.Request.Operation!.Name == "ContainerCreate"));
        }

        // A test in which nothing was seen would prove nothing.
        Assert.True(Seeds.Count() == 1 || (learned > Logs / 2 && calls > 800 && creates > 80), $"{learned} roles from {calls} calls, {creates} of them creates");
    }

    private static void NothingCanBeTaken(Role role, List<Seen> seen, AccessPolicy policy, string about)
    {
        foreach (var rule in role.Rules)
        {
            foreach (var operation in rule.Operations)
            {
                var fewer = role with { Rules = [.. role.Rules.Select(r => r.Id == rule.Id ? r with { Operations = r.Operations.Where(o => o != operation).ToHashSet() } : r)] };
                Assert.True(seen.Exists(call => !Decide(fewer, call, policy).Allowed), $"{operation} of {rule.Id} can be taken away\n{about}");
            }
        }

        // Limits are raised, not granted; a pattern that was made wider is two, of tags and of digests.
        string[] limits = ["memory", "cpus", "pids", "user"];
        foreach (var piece in role.Grants is null ? [] : GrantPieces.Of(role.Grants).Where(piece => !limits.Contains(piece.Key) && !piece.Value.Contains('*', StringComparison.Ordinal)))
        {
            var fewer = role with { Grants = piece.Without(role.Grants!) };
            Assert.True(seen.Exists(call => !Decide(fewer, call, policy).Allowed), $"{piece.Key} {piece.Value} can be taken away\n{about}");
        }
    }

    private static async Task<(string Text, AccessPolicy Policy, List<Seen> Seen)> SeeAsync(Random random, string log)
    {
        var (text, policy) = random.Next(3) == 0 ? (Generous, Load(Generous)) : new RandomPolicy(random).Next();
        var requests = new RandomRequest(random);
        var caller = EffectiveRoles.Find(Alice, policy)!;
        List<Seen> seen = [];
        using var records = AuditLog.Open(log);
        for (var n = 0; n < RequestsEach; n++)
        {
            var asked = requests.Next();
            var request = asked.Read();
            var call = new Seen(request, asked.Body, request.Refusal is null ? requests.Engine(request, asked, User) : new Dictionary<ObjectReference, EngineObject?>());
            if (request.Refusal is not null || Decide(caller, call, policy) is not { Allowed: true } decision)
            {
                continue;
            }

            seen.Add(call);
            await records.WriteAsync(new AuditRecord
            {
                Event = "decision",
                Time = DateTimeOffset.UnixEpoch.AddHours(n),
                Id = request.Id,
                User = User,
                Operation = request.Operation!.Name,
                Method = request.Method,
                Path = request.RawPath,
                Resource = new AuditResource("", null, request.Name, null),
                Decision = "allow",
                Role = decision.Role,
                Rule = decision.Rule,
                Input = RecordedInput.Write(Alice, request, new DecisionInputs(asked.Body, Facts(call, policy)), AuditChain.Options),
            });
        }

        return (text, policy, seen);
    }

    private static AccessPolicy Load(string text)
    {
        using var folder = new PolicyDirectory();
        folder.Write("p.yaml", text);
        return folder.Load().Policy!;
    }

    private static Decision Decide(Role role, Seen call, AccessPolicy policy) => Decide(new Caller(User, [role], []), call, policy);

    private static Decision Decide(Caller caller, Seen call, AccessPolicy policy)
    {
        try
        {
            return PolicyEvaluator.Decide(caller, call.Request, call.Body, Facts(call, policy)).Decision;
        }
        catch (RequestRefusedException e)
        {
            return Gateway.Requests.DecisionMiddleware.Refused(e).Decision;
        }
    }

    private static RequestFacts Facts(Seen call, AccessPolicy policy) => new()
    {
        Objects = call.Objects,
        IsAdministrator = name => EffectiveRoles.IsAdministrator(name, policy),
        HostPaths = HostPathFacts.AsGranted,
    };

    private static bool ReachesRoot(string folder, AccessPolicy policy) =>
        PolicyAudit.Run(folder, policy, HostView.None(PolicyDirectory.OrdinaryHost), null, []).Findings.Any(finding => finding.Extent == Extent.Root);

    private sealed record Seen(EngineRequest Request, ReadOnlyMemory<byte> Body, IReadOnlyDictionary<ObjectReference, EngineObject?> Objects);
}
