using Gateway.EngineApi;
using Xunit;

namespace Gateway.Tests.EngineApi;

public sealed class OwnerLabelTests
{
    [Fact]
    public void IsTheOwnerInExactlyOneSpelling()
    {
        Assert.Equal("alice", OwnerLabel.Of(new Dictionary<string, string> { ["gateway.owner"] = "alice", ["x"] = "y" }));
        Assert.Equal("Alice", OwnerLabel.Of(new Dictionary<string, string> { ["gateway.owner"] = "Alice" }));
    }

    [Theory]
    [InlineData("Gateway.Owner")]
    [InlineData("gateway.owner ")]
    [InlineData("GATEWAY.OWNER")]
    public void IsNobodysInTwoSpellings(string other)
    {
        Assert.Null(OwnerLabel.Of(new Dictionary<string, string> { ["gateway.owner"] = "alice", [other] = "bob" }));
        Assert.Null(OwnerLabel.Of(new Dictionary<string, string> { [other] = "bob" }));
    }

    [Fact]
    public void IsNobodysWhereItIsEmptyOrMissing()
    {
        Assert.Null(OwnerLabel.Of(new Dictionary<string, string> { ["gateway.owner"] = "" }));
        Assert.Null(OwnerLabel.Of(new Dictionary<string, string>()));
    }
}
