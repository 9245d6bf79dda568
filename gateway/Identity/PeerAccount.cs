using System.Globalization;
using System.Net.Sockets;
using Gateway.HostFiles;

namespace Gateway.Identity;

/// <summary>
/// Who connected to a Unix listener, by numbers alone, as the kernel noted it then (threats §6). Neither the uid nor the groups
/// change while the connection lives; what they are called, and whether that is anybody, is asked at every request.
/// </summary>
/// <param name="Groups">The effective group and the supplementary ones.</param>
/// <param name="Refusal">Why this peer is nobody whatever the policy says (I58), or null.</param>
internal sealed record PeerAccount(uint Uid, IReadOnlyList<uint> Groups, string? Refusal)
{
    private const uint NoUid = uint.MaxValue;

    // What the kernel shows for an account that this user namespace has no number for (user_namespaces(7)).
    private static readonly uint OverflowUid = uint.Parse(File.ReadAllText("/proc/sys/kernel/overflowuid"), NumberStyles.AllowTrailingWhite, CultureInfo.InvariantCulture);

    public static PeerAccount Of(Socket socket)
    {
        try
        {
            var peer = SocketPeer.Of(socket);
            return new PeerAccount(peer.Uid, [peer.Gid, .. SocketPeer.Groups(socket)], Problem(peer, socket));
        }
        catch (SocketException e)
        {
            return new PeerAccount(NoUid, [], $"the kernel does not tell who connected ({e.Message})");
        }
    }

    private static string? Problem(SocketPeer peer, Socket socket)
    {
        if (peer.Uid == OverflowUid || peer.Uid == NoUid)
        {
            return $"user id {peer.Uid} stands for any account that this host has no number for; connect as an account of this host";
        }

        // In a container one can be any uid: a socket that got into one is of no use there.
        using var process = PidFd.Of(socket) ?? PidFd.Open(peer.Pid);
        using var folder = LinuxFile.Open(string.Create(CultureInfo.InvariantCulture, $"/proc/{peer.Pid}"));
        return process is null || folder is null ? "the process that connected has ended, or cannot be seen from the gateway's pid namespace; connect from this host itself"
            : !HostNamespaces.Hold(folder) ? "the process that connected runs in a container, or in another mount or pid namespace, or the gateway may not look (it has to run as root); connect from this host itself"
            : !PidFd.IsAlive(process) ? "the process that connected has ended"
            : null;
    }
}
