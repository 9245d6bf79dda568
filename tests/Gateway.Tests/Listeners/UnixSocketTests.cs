using System.Net.Sockets;
using Gateway.Listeners;
using Xunit;

namespace Gateway.Tests.Listeners;

/// <summary>What becomes of the file behind unix:///PATH (threats §6).</summary>
public sealed class UnixSocketTests : IDisposable
{
    private const UnixFileMode OwnerAndGroup = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.GroupWrite;
    private readonly string folder = Directory.CreateTempSubdirectory("unix-socket-").FullName;

    private string Socket => Path.Combine(folder, "run", "docker.sock");

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public void IsForOwnerAndGroupAlone()
    {
        using var socket = UnixSocket.Bind(new UnixAddress(Socket), group: null);

        Assert.Equal(OwnerAndGroup, File.GetUnixFileMode(Socket));
        Assert.False(File.GetUnixFileMode(Path.GetDirectoryName(Socket)!).HasFlag(UnixFileMode.OtherExecute));
    }

    [Fact]
    public void ComesAfterOneThatAKilledGatewayLeft()
    {
        Directory.CreateDirectory(Path.GetDirectoryName(Socket)!);
        using (var left = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified))
        {
            left.Bind(new UnixDomainSocketEndPoint(Socket));
            File.Move(Socket, Socket + ".kept");
        }

        File.Move(Socket + ".kept", Socket);

        using var socket = UnixSocket.Bind(new UnixAddress(Socket), group: null);

        Assert.True(socket.IsBound);
    }

    [Fact]
    public void DoesNotPushAnotherGatewayAside()
    {
        using var first = UnixSocket.Bind(new UnixAddress(Socket), group: null);
        first.Listen();

        Assert.Contains("somebody listens", Refusal(), StringComparison.Ordinal);
    }

    [Fact]
    public void DoesNotReplaceAFile()
    {
        Directory.CreateDirectory(Path.GetDirectoryName(Socket)!);
        File.WriteAllText(Socket, "precious");

        Assert.Contains("is no socket", Refusal(), StringComparison.Ordinal);
        Assert.Equal("precious", File.ReadAllText(Socket));
    }

    [Fact]
    public void DoesNotFollowALinkInItsPlace()
    {
        Directory.CreateDirectory(Path.GetDirectoryName(Socket)!);
        File.CreateSymbolicLink(Socket, "/nowhere");

        Assert.Contains("is no socket", Refusal(), StringComparison.Ordinal);
    }

    [Fact]
    public void RefusesAFolderWhereOthersCouldReplaceIt()
    {
        Directory.CreateDirectory(Path.GetDirectoryName(Socket)!);
        File.SetUnixFileMode(Path.GetDirectoryName(Socket)!, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute | UnixFileMode.GroupWrite);

        Assert.Contains("could replace the socket", Refusal(), StringComparison.Ordinal);
    }

    [Fact]
    public void RefusesAFolderThatIsALink()
    {
        Directory.CreateSymbolicLink(Path.GetDirectoryName(Socket)!, folder);

        Assert.Contains("is not a folder of its own", Refusal(), StringComparison.Ordinal);
    }

    [Fact]
    public void RefusesAGroupThatTheHostLacks() =>
        Assert.Contains("groupadd --system no-such-group", Refusal("no-such-group"), StringComparison.Ordinal);

    private string Refusal(string? group = null) => Assert.Throws<IOException>(() => UnixSocket.Bind(new UnixAddress(Socket), group)).Message;
}
