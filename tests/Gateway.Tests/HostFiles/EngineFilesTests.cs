using Gateway.HostFiles;
using Xunit;

namespace Gateway.Tests.HostFiles;

public sealed class EngineFilesTests
{
    [Fact]
    public void ReadsThePathsInAnEnginesArguments() => Assert.Equal(
        [("--data-root", "/d"), ("--exec-root", "/e"), ("-H", "unix:///s"), ("--containerd", "/c")],
        EngineFiles.OfArguments(["dockerd", "--data-root", "/d", "--exec-root=/e", "-D", "-H", "unix:///s", "--containerd=/c", "--host"]));

    [Fact]
    public void ReadsThePathsInADaemonJson()
    {
        Assert.Equal(["/d", "/e", "unix:///s"], EngineFiles.OfConfiguration("""{"data-root":"/d","exec-root":"/e","hosts":["unix:///s"],"debug":true}"""));
        Assert.Empty(EngineFiles.OfConfiguration("{"));
    }
}
