using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace Gateway.Wire;

/// <summary>
/// poll(2) for the peer's end, seen even while bytes wait to be read: on a Unix socket POLLHUP, as both directions are closed, which
/// a read's 0 cannot tell from a half-close; on TCP POLLRDHUP.
/// </summary>
internal static partial class SocketHangup
{
    private const short PollError = 0x8;
    private const short PollHangup = 0x10;
    private const short PollPeerClosed = 0x2000;

    public static bool Has(Socket socket)
    {
        var held = false;
        try
        {
            // Held, so that its number is not another file's by the time that poll is asked.
            socket.SafeHandle.DangerousAddRef(ref held);
            var asked = socket.AddressFamily == AddressFamily.Unix ? (short)0 : PollPeerClosed;
            var descriptor = new PollDescriptor { File = (int)socket.SafeHandle.DangerousGetHandle(), Requested = asked };
            return Poll(ref descriptor, 1, 0) > 0 && (descriptor.Returned & (PollHangup | PollError | asked)) != 0;
        }
        catch (ObjectDisposedException)
        {
            return true;
        }
        finally
        {
            if (held)
            {
                socket.SafeHandle.DangerousRelease();
            }
        }
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
