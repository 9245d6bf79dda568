using System.Net.Sockets;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Gateway.HostFiles;

/// <summary>A handle that stands for one process and never for a later one of the same number (pidfd_open(2), Linux 5.3).</summary>
internal static partial class PidFd
{
    private const int PeerPidFd = 77;
    private const long OpenCall = 434;
    private const short Readable = 1;

    /// <summary>The process at the other end of a Unix socket (SO_PEERPIDFD, Linux 6.5); null where the kernel does not tell, or it has ended.</summary>
    public static SafeFileHandle? Of(Socket socket)
    {
        try
        {
            var descriptor = new byte[4];
            return socket.GetRawSocketOption(SocketPeer.Level, PeerPidFd, descriptor) == 4 ? new SafeFileHandle(BitConverter.ToInt32(descriptor), ownsHandle: true) : null;
        }
        catch (SocketException)
        {
            return null;
        }
    }

    /// <summary>The process that has the number now, or null.</summary>
    public static SafeFileHandle? Open(int pid) => (int)PidFdOpen(OpenCall, pid, 0) is >= 0 and var descriptor ? new SafeFileHandle(descriptor, ownsHandle: true) : null;

    /// <summary>What was read of its /proc folder before this was asked is its own.</summary>
    public static unsafe bool IsAlive(SafeFileHandle pidFd)
    {
        // A pidfd becomes readable when its process ends.
        var poll = new PollEntry { Descriptor = (int)pidFd.DangerousGetHandle(), Events = Readable };
        return Poll(&poll, 1, 0) == 0;
    }

    private struct PollEntry
    {
        public int Descriptor;
        public short Events;
        public short Returned;
    }

    [LibraryImport("libc", EntryPoint = "syscall")]
    private static partial long PidFdOpen(long number, int pid, uint flags);

    [LibraryImport("libc", EntryPoint = "poll")]
    private static unsafe partial int Poll(PollEntry* entries, nuint count, int timeout);
}
