using System.Net.Sockets;

namespace Gateway.HostFiles;

/// <summary>The process at the other end of a Unix socket, as the kernel noted it when that process connected or began to listen (unix(7)).</summary>
/// <param name="Pid">0 where it runs in a pid namespace that this process cannot see.</param>
/// <param name="Uid">Its effective user as this process's user namespace numbers it.</param>
/// <param name="Gid">Its effective group, likewise.</param>
internal readonly record struct SocketPeer(int Pid, uint Uid, uint Gid)
{
    /// <summary>SOL_SOCKET.</summary>
    public const int Level = 1;

    private const int PeerCredentials = 17;
    private const int PeerGroups = 59;
    private const int MostGroups = 65536;

    /// <exception cref="SocketException">The socket is no Unix socket.</exception>
    public static SocketPeer Of(Socket socket)
    {
        Span<byte> credentials = stackalloc byte[12];
        socket.GetRawSocketOption(Level, PeerCredentials, credentials);
        return new SocketPeer(BitConverter.ToInt32(credentials), BitConverter.ToUInt32(credentials[4..]), BitConverter.ToUInt32(credentials[8..]));
    }

    /// <summary>Its supplementary groups (SO_PEERGROUPS, Linux 4.13), which SO_PEERCRED leaves out.</summary>
    /// <exception cref="SocketException">The kernel does not tell.</exception>
    public static IReadOnlyList<uint> Groups(Socket socket)
    {
        var groups = new byte[sizeof(uint) * MostGroups];
        var length = socket.GetRawSocketOption(Level, PeerGroups, groups);
        return [.. Enumerable.Range(0, length / sizeof(uint)).Select(i => BitConverter.ToUInt32(groups, i * sizeof(uint)))];
    }
}
