using System.Globalization;
using System.Text.Json.Nodes;

namespace Gateway.Policy.DockerClient;

/// <summary>What <c>-p</c> and <c>--expose</c> say, port by port, as the client writes it: a range of host ports stays one only beside a single port of the container.</summary>
internal static class PortFlags
{
    private const int MostPorts = 65536;

    public static JsonObject Bindings(IEnumerable<string> texts)
    {
        var map = new JsonObject();
        foreach (var (address, host, container) in texts.SelectMany(Ports))
        {
            var binding = new JsonObject { ["HostIp"] = address, ["HostPort"] = host };
            if (map[container] is JsonArray others)
            {
                others.Add((JsonNode)binding);
            }
            else
            {
                map[container] = new JsonArray(binding);
            }
        }

        return map;
    }

    public static JsonObject Exposed(IEnumerable<string> published, IEnumerable<string> exposed)
    {
        var map = new JsonObject();
        foreach (var port in published.SelectMany(Ports).Select(port => port.Container).Concat(exposed.SelectMany(Ports).Select(port => port.Container)))
        {
            map[port] = new JsonObject();
        }

        return map;
    }

    private static IEnumerable<(string Address, string Host, string Container)> Ports(string text)
    {
        var colon = text.LastIndexOf(':');
        var parts = text[(colon + 1)..].Split('/', 2);
        var protocol = parts.Length > 1 ? parts[1].ToLowerInvariant() : "tcp";
        var before = colon < 0 ? "" : text[..colon];
        var between = before.LastIndexOf(':');
        var (address, host) = between < 0 ? ("", before) : (before[..between].Trim('[', ']'), before[(between + 1)..]);
        var inside = Range(parts[0], text);
        if (host.Length == 0 || inside.Count == 1)
        {
            return inside.Select(port => (address, host, $"{port}/{protocol}"));
        }

        var outside = Range(host, text);
        return outside.Count == inside.Count
            ? inside.Zip(outside, (container, port) => (address, port, $"{container}/{protocol}"))
            : throw new FormatException($"-p {text}: the two ranges are not of one length");
    }

    private static List<string> Range(string text, string whole)
    {
        var ends = text.Split('-', 2).Select(end => int.TryParse(end, NumberStyles.None, CultureInfo.InvariantCulture, out var port) && port < MostPorts ? port : throw new FormatException($"-p {whole}: \"{end}\" is not a port")).ToList();
        return ends[^1] < ends[0] ? throw new FormatException($"-p {whole}: the range ends before it begins")
            : [.. Enumerable.Range(ends[0], ends[^1] - ends[0] + 1).Select(port => port.ToString(CultureInfo.InvariantCulture))];
    }
}
