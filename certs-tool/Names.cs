using System.Net;
using System.Text.RegularExpressions;

namespace CertsTool;

/// <summary>Which texts are names of holders, groups and hosts.</summary>
internal static partial class Names
{
    private const int MaxCommonName = 64; // RFC 5280, appendix A.1: ub-common-name

    /// <summary>1 to 64 of <c>a-z A-Z 0-9 . _ -</c>, not starting with a dot or a dash.</summary>
    /// <exception cref="ToolException">The text is no such name.</exception>
    public static string Check(string name) => Name().IsMatch(name)
        ? name
        : throw new ToolException(ToolException.Usage, $"\"{Terminal.Plain(name)}\" is not a name: use 1 to 64 of a-z A-Z 0-9 . _ -, not starting with \".\" or \"-\"");

    /// <summary>A client's name; those that commands use for something else are taken.</summary>
    /// <exception cref="ToolException">The text is no such name.</exception>
    public static string CheckClient(string name) => Check(name) is "server" or "ca"
        ? throw new ToolException(ToolException.Usage, $"\"{name}\" is not for a client: certs-tool's commands use it for the {(name == "ca" ? "CA" : "server")}; choose another name")
        : name;

    /// <summary>True if the gateway can know a user or a group of this name.</summary>
    public static bool GatewayKnows(string name) => GatewayName().IsMatch(name);

    public static bool IsDns(string name) => name.Length <= 253 && Dns().IsMatch(name);

    /// <summary>A host name in ASCII, or an address in the spelling that everybody reads alike (no <c>127.1</c>, no zone).</summary>
    /// <exception cref="ToolException">The text is neither.</exception>
    public static string CheckHost(string text)
    {
        var host = text.StartsWith('[') && text.EndsWith(']') ? text[1..^1] : text;
        if (IPAddress.TryParse(host, out var address) && !host.Contains('%', StringComparison.Ordinal) && (host.Contains(':', StringComparison.Ordinal) || address.ToString() == host))
        {
            return address.ToString();
        }

        return IsDns(host) ? host
            : throw new ToolException(ToolException.Usage, $"\"{Terminal.Plain(text)}\" is neither a host name (ASCII; xn-- for others) nor an address");
    }

    /// <summary>The host that becomes the CN: the first that is short enough for one.</summary>
    /// <exception cref="ToolException">None is.</exception>
    public static string CommonName(IReadOnlyList<string> hosts) => hosts.FirstOrDefault(host => host.Length <= MaxCommonName)
        ?? throw new ToolException(ToolException.Usage, $"no host has at most {MaxCommonName} characters, which the certificate's CN needs\ngive one more --host that is shorter");

    [GeneratedRegex(@"\A[A-Za-z0-9_][A-Za-z0-9._-]{0,63}\z")]
    private static partial Regex Name();

    [GeneratedRegex(@"\A[a-z0-9][a-z0-9._-]{0,63}\z")]
    private static partial Regex GatewayName();

    // The last label is not all digits: that would be read as an address (RFC 1123 section 2.1).
    [GeneratedRegex(@"\A(?:[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?\.)*(?![0-9]+\z)[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?\z")]
    private static partial Regex Dns();
}
