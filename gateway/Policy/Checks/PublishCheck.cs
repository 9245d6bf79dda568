using System.Globalization;
using Gateway.EngineApi.Documents;

namespace Gateway.Policy.Checks;

/// <summary>Published ports: a listed address, always named, and every port of a range within the grant (I30).</summary>
internal static class PublishCheck
{
    private const string Field = "HostConfig.PortBindings";

    public static void Check(HostConfig host, CheckContext context)
    {
        if (context.Unlimited)
        {
            return;
        }

        foreach (var binding in host.PortBindings?.Values.SelectMany(list => list ?? []) ?? [])
        {
            var granted = context.Grants.Publish;
            var address = binding.HostIp ?? "";
            if (granted is null || !granted.Addresses.Contains(address))
            {
                context.Refuse(Field, address.Length == 0
                    ? $"a published port names its address; granted: {string.Join(", ", granted?.Addresses ?? ["none"])}"
                    : $"no grant for publishing on address \"{address}\"");
            }
            else if (Range(binding.HostPort ?? "") is not { } range || !granted.Ports.Any(ports => ports.Contains(range.First) && ports.Contains(range.Last)))
            {
                context.Refuse(Field, $"no grant for host port \"{binding.HostPort}\"; granted: {string.Join(", ", granted.Ports.Select(p => $"{p.First}-{p.Last}"))}");
            }
        }
    }

    private static (int First, int Last)? Range(string text)
    {
        var parts = text.Split('-');
        return parts.Length is 1 or 2 && Port(parts[0]) is { } first && Port(parts[^1]) is { } last && first <= last ? (first, last) : null;
    }

    private static int? Port(string text) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var port) && port is > 0 and <= 65535 && text[0] != '0' ? port : null;
}
