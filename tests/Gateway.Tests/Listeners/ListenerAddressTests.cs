using Gateway.Listeners;
using Xunit;

namespace Gateway.Tests.Listeners;

public class ListenerAddressTests
{
    [Theory]
    [InlineData("tcp://127.0.0.1:2376", "tcp://127.0.0.1:2376")]
    [InlineData("tcp://127.0.0.1", "tcp://127.0.0.1:2376")]
    [InlineData("tcp://[::1]:99", "tcp://[::1]:99")]
    [InlineData(":2376", "tcp://[::]:2376")]
    [InlineData("unix:///run/docker-gateway/docker.sock", "unix:///run/docker-gateway/docker.sock")]
    [InlineData("fd://", "fd://")]
    [InlineData("fd://*", "fd://")]
    public void ReadsTheFormsOfDockerd(string text, string expected) => Assert.Equal(expected, ListenerAddress.Parse(text).ToString());

    [Theory]
    [InlineData("unix://home/docker/docker.sock", "did you mean unix:///home/docker/docker.sock?")]
    [InlineData("unix://@abstract", "did you mean unix:///@abstract?")]
    [InlineData("unix://", "did you mean unix:///?")]
    [InlineData("unix:///run/../etc/x.sock", "write unix:///etc/x.sock")]
    [InlineData("unix:///run//x.sock", "write unix:///run/x.sock")]
    [InlineData("unix:///run/x/", "write unix:///run/x")]
    [InlineData("unix:///", "write unix://")]
    [InlineData("fd://3", "write fd://")]
    [InlineData("tcp://127.0.0.1:70000", "\"70000\" is not a port")]
    [InlineData("tcp://host:2376", "an address is numeric")]
    [InlineData("http://127.0.0.1:2376", "is not tcp://ADDRESS:PORT")]
    public void RefusesAnotherFormAndSaysWhatToWrite(string text, string expected) =>
        Assert.Contains(expected, Assert.Throws<FormatException>(() => ListenerAddress.Parse(text)).Message, StringComparison.Ordinal);

    [Fact]
    public void RefusesAPathThatTheKernelWouldCut() =>
        Assert.Contains("107 bytes", Assert.Throws<FormatException>(() => ListenerAddress.Parse("unix:///run/" + new string('x', 103))).Message, StringComparison.Ordinal);
}
