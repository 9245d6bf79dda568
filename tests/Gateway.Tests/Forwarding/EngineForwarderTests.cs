using Gateway.Forwarding;
using Xunit;

namespace Gateway.Tests.Forwarding;

public sealed class EngineForwarderTests
{
    /// <summary>The forwarder's own default ends an answer that says nothing for 100 s.</summary>
    [Fact]
    public void I54_WaitsForAQuietAnswerForEver() => Assert.Equal(Timeout.InfiniteTimeSpan, EngineForwarder.Config.ActivityTimeout);
}
