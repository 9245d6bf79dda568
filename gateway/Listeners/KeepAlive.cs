using System.Net.Sockets;

namespace Gateway.Listeners;

/// <summary>
/// TCP probes on quiet connections: a stream is never cut for being idle, and a client whose machine or network has gone is noticed
/// within two minutes, not never (threats §5).
/// </summary>
internal static class KeepAlive
{
    private const int QuietSeconds = 30;
    private const int BetweenSeconds = 15;
    private const int Probes = 6;

    public static void Begin(Socket socket)
    {
        socket.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.KeepAlive, true);
        socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveTime, QuietSeconds);
        socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveInterval, BetweenSeconds);
        socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveRetryCount, Probes);
    }
}
