using Gateway.Offline;
using Gateway.Policy;
using Gateway.Requests;
using Gateway.Tests.Offline.Support;
using Xunit;

namespace Gateway.Tests.Offline;

/// <summary>Thousands of random policies, requests and engines: what is said offline is what serve's way of deciding comes to.</summary>
public sealed class OfflineAgreementTests
{
    private const int Policies = 250;
    private const int RequestsEach = 12;

    [Fact]
    public void SaysWhatServeDecidesWhereTheEngineIsKnown() => Each((caller, asked, served) =>
    {
        var decision = OfflineDecision.Decide(caller, asked, new OfflineFacts { Known = served.Objects, HostPathsAreSafe = true }).Decision;
        Assert.Equal((served.Decision.Allowed, served.Decision.Rule, served.Decision.Status, served.Decision.Detail), (decision.Allowed, decision.Rule, decision.Status, decision.Detail));
    });

    [Fact]
    public void NeverContradictsServeWhereTheEngineIsNot()
    {
        var (decided, all) = (0, 0);
        Each((caller, asked, served) =>
        {
            var outcome = OfflineDecision.Decide(caller, asked, new OfflineFacts()).Outcome;
            all++;
            decided += outcome == Outcome.Undecided ? 0 : 1;
            Assert.NotEqual(served.Decision.Allowed ? Outcome.Denied : Outcome.Allowed, outcome);
        });

        // A test that is always undecided would prove nothing.
        Assert.True(decided > all / 3, $"{decided} of {all}");
    }

    private static void Each(Action<OfflineCaller, OfflineRequest, (Decision Decision, IReadOnlyDictionary<Gateway.Objects.ObjectReference, Gateway.Objects.EngineObject?> Objects)> check)
    {
        for (var seed = 0; seed < Policies; seed++)
        {
            var random = new Random(seed);
            var (text, policy) = new RandomPolicy(random).Next();
            var requests = new RandomRequest(random);
            for (var n = 0; n < RequestsEach; n++)
            {
                var caller = OfflineCaller.Find(policy, random.Next(2) == 0 ? "alice" : "bob", new Membership(random.Next(4) == 0 ? ["ops"] : [], []));
                var asked = requests.Next();
                var served = Serve(caller, asked, requests);
                try
                {
                    check(caller, asked, served);
                }
                catch (Exception e)
                {
                    throw new InvalidOperationException($"seed {seed}, request {n}: {asked.Method} {asked.Target} {System.Text.Encoding.UTF8.GetString(asked.Body.Span)} as {caller.User}\n{string.Join('\n', served.Objects)}\n{text}", e);
                }
            }
        }
    }

    /// <summary>The steps of DecisionMiddleware, from the bytes on the wire.</summary>
    private static (Decision Decision, IReadOnlyDictionary<Gateway.Objects.ObjectReference, Gateway.Objects.EngineObject?> Objects) Serve(OfflineCaller caller, OfflineRequest asked, RandomRequest engine)
    {
        var none = new Dictionary<Gateway.Objects.ObjectReference, Gateway.Objects.EngineObject?>();
        var request = RequestReader.Read(RandomRequest.OnTheWire(asked));
        if (request.Refusal is { } refusal)
        {
            return (DecisionMiddleware.Refused(refusal).Decision, none);
        }

        if (PolicyEvaluator.Preview(caller.Caller, request) is { } early)
        {
            return (early, none);
        }

        var objects = engine.Engine(request, asked, caller.User);
        try
        {
            return (PolicyEvaluator.Decide(caller.Caller, request, asked.Body, new RequestFacts { Objects = objects, HostPaths = HostPathFacts.AsGranted }).Decision, objects);
        }
        catch (Gateway.EngineApi.RequestRefusedException e)
        {
            return (DecisionMiddleware.Refused(e).Decision, objects);
        }
    }
}
