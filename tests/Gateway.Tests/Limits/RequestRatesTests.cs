using Gateway.EngineApi;
using Gateway.Limits;
using Gateway.Policy;
using Xunit;

namespace Gateway.Tests.Limits;

public sealed class RequestRatesTests
{
    private static readonly EngineOperation Ping = OperationCatalogue.Get("SystemPing");
    private static readonly EngineOperation Create = OperationCatalogue.Get("ContainerCreate");
    private readonly SteppedTime time = new();

    [Fact]
    public void LetsABurstThroughAndThenTheRate()
    {
        var rates = new RequestRates(time);
        Role[] roles = [Role("r", [Ping], new RoleRate(2, 3))];
        for (var i = 0; i < 3; i++)
        {
            Assert.Null(rates.Take("alice", roles, Ping));
        }

        var denied = rates.Take("alice", roles, Ping)!;
        Assert.Equal((DenyReason.RateLimited, 429, 0.5), (denied.Reason, denied.Status, denied.RetryAfter!.Value.TotalSeconds));

        time.Step(TimeSpan.FromSeconds(0.5));
        Assert.Null(rates.Take("alice", roles, Ping));
        Assert.NotNull(rates.Take("alice", roles, Ping));
    }

    [Fact]
    public void FillsNoFurtherThanTheBurst()
    {
        var rates = new RequestRates(time);
        Role[] roles = [Role("r", [Ping], new RoleRate(100, 1))];
        Assert.Null(rates.Take("alice", roles, Ping));

        time.Step(TimeSpan.FromHours(1));
        Assert.Null(rates.Take("alice", roles, Ping));
        Assert.NotNull(rates.Take("alice", roles, Ping));
    }

    [Fact]
    public void I64_TakesNothingFromOtherUsers()
    {
        var rates = new RequestRates(time);
        Role[] roles = [Role("r", [Ping], new RoleRate(1, 1))];
        Assert.Null(rates.Take("alice", roles, Ping));
        Assert.NotNull(rates.Take("alice", roles, Ping));
        Assert.Null(rates.Take("bob", roles, Ping));
    }

    [Fact]
    public void HoldsARequestAgainstTheRoleThatMayHaveIt()
    {
        var rates = new RequestRates(time);
        Role[] roles = [Role("slow", [Ping], new RoleRate(1, 1)), Role("free", [Create], null)];
        Assert.Null(rates.Take("alice", roles, Ping));
        Assert.NotNull(rates.Take("alice", roles, Ping));
        Assert.Null(rates.Take("alice", roles, Create));

        // What nobody may have, and what could not be read, is not free either.
        Assert.NotNull(rates.Take("alice", roles, OperationCatalogue.Get("Grpc")));
        Assert.NotNull(rates.Take("alice", roles, null));
    }

    private static Role Role(string name, EngineOperation[] operations, RoleRate? rate) =>
        new(name, null, false, [new Rule("x", RuleEffect.Allow, operations.ToHashSet(), Selector.Own, null)], new Grants()) { Rate = rate };

    private sealed class SteppedTime : TimeProvider
    {
        private long now;

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override long GetTimestamp() => now;

        public void Step(TimeSpan by) => now += by.Ticks;
    }
}
