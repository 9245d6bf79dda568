using System.Globalization;
using System.Net.Sockets;

namespace Gateway.Listeners;

/// <summary>The listening sockets that systemd passes to a service (sd_listen_fds(3)): LISTEN_PID says for whom, LISTEN_FDS how many, from descriptor 3 on.</summary>
internal static class ActivatedSockets
{
    private const int First = 3;
    private const int Most = 64;
    private static readonly string[] Variables = ["LISTEN_PID", "LISTEN_FDS", "LISTEN_FDNAMES"];

    /// <summary>Each descriptor, and whether its callers come over the network.</summary>
    /// <exception cref="IOException">None was passed, or one is no listening stream socket of a kind that the gateway serves.</exception>
    public static IReadOnlyList<(ulong Descriptor, bool IsTcp)> Take()
    {
        var (pid, count) = (Number("LISTEN_PID"), Number("LISTEN_FDS"));

        // Children of the gateway have not been passed anything.
        foreach (var variable in Variables)
        {
            Environment.SetEnvironmentVariable(variable, null);
        }

        return pid == Environment.ProcessId && count is > 0 and <= Most
            ? [.. Enumerable.Range(First, count.Value).Select(descriptor => ((ulong)descriptor, IsTcp(descriptor)))]
            : throw new IOException("fd://: no sockets were passed to this program (LISTEN_PID, LISTEN_FDS); start it by a systemd socket unit, or name an address with -H");
    }

    private static bool IsTcp(int descriptor)
    {
        try
        {
            using var handle = new SafeSocketHandle(descriptor, ownsHandle: false);
            using var socket = new Socket(handle);
            var listens = socket.GetSocketOption(SocketOptionLevel.Socket, SocketOptionName.AcceptConnection) is 1;
            return (socket.SocketType, listens, socket.AddressFamily) switch
            {
                (SocketType.Stream, true, AddressFamily.InterNetwork or AddressFamily.InterNetworkV6) => true,
                (SocketType.Stream, true, AddressFamily.Unix) => IsAFile(socket) ? false : throw new IOException($"fd://: descriptor {descriptor} has no path (an abstract address, which any container on the host's network reaches); give the socket unit one"),
                _ => throw new IOException($"fd://: descriptor {descriptor} is no listening stream socket; the socket unit needs ListenStream="),
            };
        }
        catch (SocketException e)
        {
            throw new IOException($"fd://: descriptor {descriptor} cannot be used: {e.Message}", e);
        }
    }

    private static bool IsAFile(Socket socket) => socket.LocalEndPoint?.ToString() is ['/', ..];

    private static int? Number(string variable) =>
        int.TryParse(Environment.GetEnvironmentVariable(variable), NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;
}
