using Gateway.Limits;
using Xunit;

namespace Gateway.Tests.Limits;

public sealed class UserSlotsTests
{
    [Fact]
    public async Task I64_MakesOnlyTheSameUserWait()
    {
        var slots = new UserSlots();
        var first = await slots.EnterAsync("alice", "plain", 1, TestContext.Current.CancellationToken);

        var second = slots.EnterAsync("alice", "plain", 1, TestContext.Current.CancellationToken).AsTask();
        using var others = await slots.EnterAsync("bob", "plain", 1, TestContext.Current.CancellationToken);

        Assert.False(second.IsCompleted);
        first.Dispose();
        first.Dispose();
        using var entered = await second;
        Assert.False(slots.EnterAsync("alice", "plain", 1, TestContext.Current.CancellationToken).AsTask().IsCompleted);
    }

    [Fact]
    public void GivesNoMorePlacesThanThereAre()
    {
        var slots = new UserSlots();
        var first = slots.TryEnter("alice", "streams", 1);

        Assert.NotNull(first);
        Assert.Null(slots.TryEnter("alice", "streams", 1));
        Assert.NotNull(slots.TryEnter("alice", "streams", 2));
        first.Dispose();
        Assert.Null(slots.TryEnter("alice", "streams", 1));
        Assert.NotNull(slots.TryEnter("bob", "streams", 1));
    }
}
