using Gateway.Audit;
using Gateway.Identity;
using Gateway.Policy;
using Gateway.Policy.Checks;
using Gateway.Replay;
using Gateway.Tests.Policy.Checks;
using Gateway.Tests.Policy.Checks.Support;
using Xunit;

namespace Gateway.Tests.Replay;

/// <summary>Every case of every check, recorded and decided again from its record: nothing that a check looks at is missing there.</summary>
public sealed class RecordedCasesTests
{
    private static readonly Dictionary<string, CheckCase> Cases = AllowedCases.All.Concat(DeniedCases.All).DistinctBy(c => $"{c} names {c.Field}").ToDictionary(c => $"{c} names {c.Field}");

    public static TheoryData<string> All => [.. Cases.Keys];

    [Theory]
    [MemberData(nameof(All))]
    public void DecidesARecordAsTheRequestWasDecided(string name)
    {
        var (role, asked, request, world) = CheckRun.Decide(Cases[name]);
        var call = RecordedCall.Parse(Line(asked.Body, request, world))!;

        var now = new Replayer(PolicyOf(role)).Decide(call);

        if (world.Decision.Reason is DenyReason.MalformedRequest or DenyReason.Conflict && !world.Decision.Allowed)
        {
            Assert.Equal(ReplayOutcome.NotPolicy, now.Outcome);
            return;
        }

        if (!world.Decision.Allowed && world.Decision.Fields.Any(field => field == "changes" || SecretFields.Holds(field)) && now.Outcome == ReplayOutcome.Undecided)
        {
            // What was refused for a secret's value alone is not in the record, and the replay says so.
            return;
        }

        Assert.True(now.Outcome == ReplayOutcome.Same, $"{now.Outcome}: {now.Why}; was {world.Decision.Detail}; {System.Text.Encoding.UTF8.GetString(Line(asked.Body, request, world).Span)}");
        Assert.Equal(world.Decision.Allowed ? world.Decision.Rule : world.Decision.Detail, now.Decision!.Allowed ? now.Decision.Rule : now.Decision.Detail);
    }

    private static ReadOnlyMemory<byte> Line(ReadOnlyMemory<byte> body, Gateway.EngineApi.EngineRequest request, Gateway.Offline.OfflineWorld world) => AuditChain.Write(
        new AuditRecord
        {
            Event = "decision",
            Time = DateTimeOffset.UnixEpoch,
            Id = request.Id,
            User = CheckWorld.Alice,
            Operation = request.Operation!.Name,
            Method = request.Method,
            Path = request.RawPath,
            Decision = world.Decision.Allowed ? "allow" : "deny",
            Role = world.Decision.Role,
            Rule = world.Decision.Rule,
            Reason = world.Decision.Allowed ? null : $"{world.Decision.Reason}: {world.Decision.Detail}",
            Fields = world.Decision.Fields,
            Input = RecordedInput.Write(
                new ClientIdentity(CheckWorld.Alice, [], null, "127.0.0.1:1", null),
                request,
                new DecisionInputs(body, new RequestFacts { Objects = world.Objects, HostPaths = HostPathFacts.AsGranted }),
                AuditChain.Options),
        },
        1,
        AuditChain.Start).Line;

    private static AccessPolicy PolicyOf(Role role) => AccessPolicy.Empty with
    {
        Roles = new Dictionary<string, Role> { [role.Name] = role },
        Users = new Dictionary<string, PolicyUser> { [CheckWorld.Alice] = new(CheckWorld.Alice, [role.Name], null) },
    };
}
