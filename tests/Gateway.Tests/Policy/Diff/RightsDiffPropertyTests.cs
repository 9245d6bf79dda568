using System.Globalization;
using Gateway.Offline;
using Gateway.Policy.Diff;
using Gateway.Tests.Offline.Support;
using Xunit;

namespace Gateway.Tests.Policy.Diff;

/// <summary>Random pairs of policies: a claim that nobody gains is never contradicted by a request, a gain that is called proven is one.</summary>
public sealed class RightsDiffPropertyTests
{
    private const int RequestsEach = 50;

    // GATEWAY_DIFF_PAIRS tries more of them.
    private static readonly int Pairs = int.Parse(Environment.GetEnvironmentVariable("GATEWAY_DIFF_PAIRS") is { Length: > 0 } given ? given : "150", CultureInfo.InvariantCulture);

    [Fact]
    public void NeverClaimsNoGainWhereARequestShowsOne()
    {
        var (claims, gains) = (0, 0);
        for (var seed = 0; seed < Pairs; seed++)
        {
            var random = new Random(seed);
            var policies = new RandomPolicy(random);
            var (text, old) = policies.Next();
            var (changed, now) = policies.Near(text);
            var found = RightsDiff.Gains(old, now);
            var requests = new RandomRequest(random);
            foreach (var (name, membership) in RightsDiff.Callers(old, now))
            {
                if (found.Any(gain => gain.Who == name || gain.Who.StartsWith(name + " with", StringComparison.Ordinal)))
                {
                    gains++;
                    continue;
                }

                claims++;
                var (before, after) = (OfflineCaller.Find(old, name, membership), OfflineCaller.Find(now, name, membership));
                for (var n = 0; n < RequestsEach && after.Nobody is null; n++)
                {
                    var asked = requests.Next();
                    var read = asked.Read();
                    if (read.Refusal is not null) continue;
                    var objects = requests.Engine(read, asked, name);
                    if (OfflineDecision.Evaluate(after, read, asked.Body, objects, true).Decision.Allowed)
                    {
                        Assert.True(before.Nobody is null && OfflineDecision.Evaluate(before, read, asked.Body, objects, true).Decision.Allowed,
                            $"seed {seed}: {name}{membership} gained {asked.Method} {asked.Target} {System.Text.Encoding.UTF8.GetString(asked.Body.Span)}\n{string.Join('\n', objects)}\n{text}\n=====\n{changed}");
                    }
                }
            }
        }

        Assert.True(claims > 100 && gains > 100, $"{claims} claims, {gains} gains");
    }

    [Fact]
    public void FindsNothingBetweenAPolicyAndItself()
    {
        for (var seed = 0; seed < 40; seed++)
        {
            var (text, policy) = new RandomPolicy(new Random(seed)).Next();
            Assert.True(DiffReport.Of(policy, policy).IsSame, text);
        }
    }
}
