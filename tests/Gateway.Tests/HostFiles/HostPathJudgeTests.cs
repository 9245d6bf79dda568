using System.Net.Sockets;
using System.Runtime.InteropServices;
using Gateway.HostFiles;
using Gateway.Policy;
using Xunit;

namespace Gateway.Tests.HostFiles;

/// <summary>Rule B on real folders. Needs root: only root has folders whose every parent is root's.</summary>
public sealed class HostPathJudgeTests : IDisposable
{
    private const UnixFileMode RootOnly = (UnixFileMode)0b111_101_101;
    private const uint Somebody = 1000;

    private readonly string root = Path.Combine("/srv", "gateway-tests-" + Guid.NewGuid().ToString("N"));
    private readonly Socket socket = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);

    public HostPathJudgeTests()
    {
        Assert.SkipUnless(Environment.IsPrivilegedProcess, "needs root");
        Folder("");
        Folder("data");
        Folder("data/alice", Somebody);
        Folder("data/alice/sub", Somebody);
        Folder("open", mode: (UnixFileMode)0b111_111_111);
        Folder("open/x");
        Folder("sticky", mode: UnixFileMode.StickyBit | (UnixFileMode)0b111_111_111);
        Folder("sticky/x");
        Folder("group", mode: (UnixFileMode)0b111_111_101);
        Folder("group/x");
        File.CreateSymbolicLink(Path.Combine(root, "link"), Path.Combine(root, "data"));
        File.WriteAllText(Path.Combine(root, "data/file"), "");
        socket.Bind(new UnixDomainSocketEndPoint(Path.Combine(root, "data/sock")));
    }

    public void Dispose()
    {
        socket.Dispose();
        if (Directory.Exists(root))
        {
            Directory.Delete(root, recursive: true);
        }
    }

    [Theory]
    [InlineData("data", nameof(HostPathKind.Folder))]
    [InlineData("data/alice", nameof(HostPathKind.Folder))]
    [InlineData("data/file", nameof(HostPathKind.File))]
    [InlineData("open", nameof(HostPathKind.Folder))]
    [InlineData("data/sock", nameof(HostPathKind.Other))]
    public void AcceptsWhatOnlyRootCanReplace(string path, string kind)
    {
        var fact = Judge(Path.Combine(root, path));

        Assert.Null(fact.Problem);
        Assert.Equal(kind, fact.Kind.ToString());
    }

    [Theory]
    [InlineData("data/alice/sub", "can be written by others than root")]
    [InlineData("open/x", "can be written by others than root")]
    [InlineData("sticky/x", "can be written by others than root")]
    [InlineData("group/x", "can be written by others than root")]
    [InlineData("link", "is a symbolic link")]
    [InlineData("link/alice", "is a symbolic link")]
    [InlineData("data/none", "does not exist")]
    [InlineData("data/file/x", "is no folder")]
    [InlineData("data/../data", "clean")]
    [InlineData("data//alice", "clean")]
    [InlineData("data/", "clean")]
    public void I21_RefusesWhatSomebodyElseCanReplace(string path, string problem) =>
        Assert.Contains(problem, Judge(root + "/" + path).Problem, StringComparison.Ordinal);

    [Fact]
    public void RefusesFileSystemsOfOthers()
    {
        using var files = FileSystemView.OfThisProcess();
        Assert.Contains("file system of type proc", new HostPathJudge(files!, ProtectedPlaces.Of(), []).Judge("/proc/sys/kernel").Problem, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("data", "data/alice")] // holds it
    [InlineData("data/alice", "data/alice")] // is it
    [InlineData("data/file", "data")] // lies in it
    [InlineData("data/alice", "link/alice")] // by another name
    [InlineData("data", "data/not-there-yet/x")]
    public void I24_RefusesWhatMeetsAProtectedPlace(string path, string kept)
    {
        using var files = FileSystemView.OfThisProcess();
        var places = ProtectedPlaces.Of([(files!.Find(Path.Combine(root, kept))!.Value, "the keys")]);

        Assert.Contains("the keys", new HostPathJudge(files, places, []).Judge(Path.Combine(root, path)).Problem, StringComparison.Ordinal);
    }

    [Fact]
    public void SeesTheBindsOfContainersAboveAndBelow()
    {
        Assert.Contains("above it read-write", Judge(root + "/data/alice", new ContainerBind(root, true)).Problem, StringComparison.Ordinal);
        Assert.Null(Judge(root + "/data/alice", new ContainerBind(root, false)).Problem);
        Assert.Null(Judge(root + "/data/alice", new ContainerBind(root + "/data/al", true)).Problem);
        Assert.True(Judge(root + "/data", new ContainerBind(root + "/data/alice", false)).HoldsBindOfContainer);
        Assert.False(Judge(root + "/data", new ContainerBind(root + "/data", true)).HoldsBindOfContainer);
    }

    [Theory]
    [InlineData("data/alice", "sub", nameof(HostPathKind.Folder), null)]
    [InlineData("data/alice", "sub/file", nameof(HostPathKind.File), null)]
    [InlineData("data/alice", "sub/none", null, "does not exist")]
    [InlineData("data/alice", "none/none", null, "does not exist")]
    [InlineData("data/alice", "out", null, "is a symbolic link")]
    [InlineData("data/alice", "out/alice", null, "is a symbolic link")]
    [InlineData("data", "sock", nameof(HostPathKind.Other), null)]
    [InlineData("open/x", "y", null, "can be written by others than root")]
    [InlineData("data/file", "x", null, "does not exist")]
    public void LooksAtPathsInsideAFolderThatOnlyRootCanReplace(string folder, string below, string? kind, string? problem)
    {
        File.WriteAllText(Path.Combine(root, "data/alice/sub/file"), "");
        File.CreateSymbolicLink(Path.Combine(root, "data/alice/out"), Path.Combine(root, "data"));
        using var files = FileSystemView.OfThisProcess();

        var fact = new HostPathJudge(files!, ProtectedPlaces.Of(), []).JudgeInside($"{root}/{folder}", $"{root}/{folder}/{below}");

        Assert.Equal(kind, fact.Problem is null ? fact.Kind.ToString() : null);
        Assert.Contains(problem ?? "", fact.Problem ?? "", StringComparison.Ordinal);
    }

    [Fact]
    public void SeesTheBindsOfContainersByWhateverName()
    {
        Assert.Contains("above it read-write", Judge(root + "/data/alice", new ContainerBind(root + "/link", true)).Problem, StringComparison.Ordinal);
        Assert.True(Judge(root + "/data", new ContainerBind(root + "/link/alice", false)).HoldsBindOfContainer);
    }

    [Fact]
    public void TellsADeviceFromItsFolder()
    {
        Assert.Equal(HostPathKind.Device, Judge("/dev/null").Kind);
        Assert.Null(Judge("/dev/null").Problem);
        Assert.NotEqual(HostPathKind.Device, Judge("/dev").Kind);
    }

    [Fact]
    public void FindsTheHolderOfAListeningSocket()
    {
        var path = Path.Combine(root, "listen.sock");
        using var listener = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        listener.Bind(new UnixDomainSocketEndPoint(path));
        listener.Listen();

        Assert.Equal(Environment.ProcessId, EngineProcess.HolderOf(path));
        Assert.Null(EngineProcess.HolderOf(path + "x"));
    }

    private static HostPathFact Judge(string path, params ContainerBind[] bound)
    {
        using var files = FileSystemView.OfThisProcess();
        return new HostPathJudge(files!, ProtectedPlaces.Of(), bound).Judge(path);
    }

    private void Folder(string name, uint owner = 0, UnixFileMode mode = RootOnly)
    {
        var path = Path.Combine(root, name);
        Directory.CreateDirectory(path);
        File.SetUnixFileMode(path, mode);
        Assert.Equal(0, Chown(path, owner, owner));
    }

#pragma warning disable SYSLIB1054 // Source generation would need unsafe code in the test project.
    [DllImport("libc", EntryPoint = "chown", CharSet = CharSet.Ansi, BestFitMapping = false, ThrowOnUnmappableChar = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.System32)]
    private static extern int Chown(string path, uint owner, uint group);
#pragma warning restore SYSLIB1054
}
