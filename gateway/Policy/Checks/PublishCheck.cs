using System.Globalization;
using System.Text.RegularExpressions;
using Gateway.EngineApi.Documents;

namespace Gateway.Policy.Checks;

/// <summary>
/// Published ports (grant <c>publish</c>): an address that is listed in its one spelling and always named, every port of a range
/// granted; a port left to the engine comes out of the granted range. Publishing whatever an image exposes: no grant (I30).
/// </summary>
internal static partial class PublishCheck
{
    private const string Field = "HostConfig.PortBindings";
    private const int MaxPorts = 256;

    public static Check<ContainerCreateBody> OfCreate { get; } = new(
        "publish", "publish", [Field, $"{Field}.HostIp", $"{Field}.HostPort", "HostConfig.PublishAllPorts"], Check);

    /// <summary>Exposed ports say only what an image is for: numbers that are ports, at most 256.</summary>
    public static Check<ContainerCreateBody> OfExposed { get; } = new("exposed-ports", null, ["ExposedPorts"], CheckExposed);

    public static Check<ContainerConfig> OfCommit { get; } = new("exposed-ports", null, ["ExposedPorts"], CheckExposed);

    private static void CheckExposed(ContainerConfig config, CheckContext context)
    {
        if (config.ExposedPorts?.Count > MaxPorts)
        {
            context.Refuse("ExposedPorts", $"more than {MaxPorts} ports");
        }

        foreach (var port in config.ExposedPorts?.Keys.Where(port => !IsContainerPort(port, ranges: true)) ?? [])
        {
            context.Malformed("ExposedPorts", $"\"{CheckContext.Shown(port)}\" is not a port such as 80/tcp");
        }
    }

    private static void Check(ContainerCreateBody body, CheckContext context)
    {
        if (body.HostConfig!.PublishAllPorts == true)
        {
            context.Never("HostConfig.PublishAllPorts", "true", "it opens every exposed port, the image's too, on all addresses");
        }

        if (body.HostConfig.PortBindings?.Values.Sum(list => list?.Count ?? 0) > MaxPorts)
        {
            context.Refuse(Field, $"more than {MaxPorts} published ports");
        }

        foreach (var (port, bindings) in body.HostConfig.PortBindings?.ToList() ?? [])
        {
            if (!IsContainerPort(port, ranges: false))
            {
                context.Malformed(Field, $"\"{CheckContext.Shown(port)}\" is not a port such as 80/tcp");
            }

            // To older engines a port without bindings is not published; newer ones (28) publish it on every address.
            if (bindings is null or { Count: 0 })
            {
                body.HostConfig.PortBindings!.Remove(port);
            }
            else
            {
                body.HostConfig.PortBindings![port] = [.. bindings.Select(binding => Checked(binding, context))];
            }
        }
    }

    private static PortBinding Checked(PortBinding binding, CheckContext context)
    {
        var granted = context.Grants.Publish;
        var (address, port) = (binding.HostIp ?? "", binding.HostPort ?? "");
        if (granted is null || !granted.Addresses.Contains(address))
        {
            context.NoGrant(
                $"{Field}.HostIp",
                address.Length == 0 ? "publishing on every address; name one, as in 127.0.0.1:8080:80; asked for" : "publishing on address",
                address,
                granted?.Addresses ?? []);
            return binding;
        }

        if (port is "" or "0" && granted.Ports.Count > 0)
        {
            return binding with { HostPort = Text(granted.Ports[0]) };
        }

        if (Range(port) is not var (first, last) || !IsGranted(first, last, granted.Ports))
        {
            context.NoGrant($"{Field}.HostPort", "host port", port, granted.Ports.Select(Text));
        }

        return binding;
    }

    private static bool IsGranted(int first, int last, IReadOnlyList<PortRange> ranges)
    {
        for (var port = first; port <= last; port++)
        {
            if (!ranges.Any(range => range.Contains(port)))
            {
                return false;
            }
        }

        return true;
    }

    private static string Text(PortRange range) => range.First == range.Last ? $"{range.First}" : $"{range.First}-{range.Last}";

    private static bool IsContainerPort(string text, bool ranges) =>
        ContainerPort().Match(text) is { Success: true } match && (ranges || !match.Value.Contains('-', StringComparison.Ordinal)) && Range(match.Groups["ports"].Value) is not null;

    private static (int First, int Last)? Range(string text)
    {
        var parts = text.Split('-');
        return parts.Length is 1 or 2 && Port(parts[0]) is { } first && Port(parts[^1]) is { } last && first <= last ? (first, last) : null;
    }

    private static int? Port(string text) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var port) && port is > 0 and <= 65535 && text[0] != '0' ? port : null;

    [GeneratedRegex(@"\A(?<ports>[0-9]{1,5}(-[0-9]{1,5})?)(/(tcp|udp|sctp))?\z", RegexOptions.CultureInvariant)]
    private static partial Regex ContainerPort();
}
