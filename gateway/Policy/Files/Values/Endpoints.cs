using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text.RegularExpressions;

namespace Gateway.Policy.Files.Values;

/// <summary>What containers publish on and join: host addresses in their one spelling, ranges of ports, networks.</summary>
internal static partial class Endpoints
{
    private const int MaxPort = 65535;

    /// <summary>An address exactly as the engine would print it, so that a request's spelling can be compared as text.</summary>
    public static bool TryParseAddress(string text, [NotNullWhen(true)] out string? value, [NotNullWhen(false)] out string? problem)
    {
        value = null;
        problem = $"{Quoted.Text(text)} is not an IP address";
        if (!IPAddress.TryParse(text, out var address)) return false;
        if (address.IsIPv4MappedToIPv6) address = address.MapToIPv4();
        if (address.AddressFamily == AddressFamily.InterNetworkV6) address.ScopeId = 0;
        var canonical = address.ToString();
        problem = canonical == text ? null : $"{Quoted.Text(text)} is not how this address is written; write {canonical}";
        value = problem is null ? text : null;
        return problem is null;
    }

    /// <summary><c>8080</c> or <c>20000-29999</c>.</summary>
    public static bool TryParsePorts(string text, out PortRange value, [NotNullWhen(false)] out string? problem)
    {
        var dash = text.IndexOf('-', StringComparison.Ordinal);
        var valid = TryParsePort(dash < 0 ? text : text[..dash], out var first) & TryParsePort(text[(dash + 1)..], out var last);
        value = new PortRange(first, last);
        problem = (valid, first <= last) switch
        {
            (false, _) => $"{Quoted.Text(text)} is not a port or a range of ports: write 8080 or 20000-29999, from 1 to {MaxPort}",
            (true, false) => $"the range {Quoted.Text(text)} ends before it begins",
            _ => null,
        };
        return problem is null;
    }

    /// <summary><c>bridge</c>, <c>none</c>, <c>own</c> or a network's name.</summary>
    public static bool TryParseNetwork(string text, [NotNullWhen(true)] out string? value, [NotNullWhen(false)] out string? problem)
    {
        problem = text switch
        {
            "host" => "\"host\" is not a network to grant here; write \"host-namespaces: [network]\"",
            "default" => "\"default\" is the engine's other word for bridge; write bridge",
            _ when !NetworkName().IsMatch(text) => $"{Quoted.Text(text)} is not a network: write bridge, none, own or a network's name",
            _ => null,
        };
        value = problem is null ? text : null;
        return problem is null;
    }

    /// <summary>A range of addresses, <c>10.128.0.0/16</c>, with no bit set behind the prefix.</summary>
    public static bool TryParseSubnet(string text, out IPNetwork value, [NotNullWhen(false)] out string? problem)
    {
        var valid = IPNetwork.TryParse(text, out value) && value.ToString() == text && value.PrefixLength > 0;
        problem = valid ? null : $"{Quoted.Text(text)} is not a range of addresses: write 10.128.0.0/16";
        return valid;
    }

    private static bool TryParsePort(string text, out int port) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out port) && port is >= 1 and <= MaxPort;

    [GeneratedRegex(@"^[A-Za-z0-9][A-Za-z0-9_.-]{0,254}\z", RegexOptions.CultureInvariant)]
    private static partial Regex NetworkName();
}
