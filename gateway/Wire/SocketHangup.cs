using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace Gateway.Wire;

/// <summary>poll(2) for POLLHUP: the peer of a Unix socket has closed both directions, which a read's 0 cannot tell from a half-close.</summary>
internal static partial class SocketHangup
{
    private const short PollError = 0x8;
    private const short PollHangup = 0x10;

    public static bool Has(Socket socket)
    {
        if (socket.SafeHandle.IsClosed)
        {
            return true;
        }

        var descriptor = new PollDescriptor { File = (int)socket.Handle };
        return Poll(ref descriptor, 1, 0) > 0 && (descriptor.Returned & (PollHangup | PollError)) != 0;
    }

    [LibraryImport("libc", EntryPoint = "poll", SetLastError = true)]
    private static partial int Poll(ref PollDescriptor descriptors, nuint count, int timeout);

    [StructLayout(LayoutKind.Sequential)]
    private struct PollDescriptor
    {
        public int File;
        public short Requested;
        public short Returned;
    }
}
