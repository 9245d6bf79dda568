using System.Text.Json.Nodes;

namespace Gateway.Policy.DockerClient;

/// <summary>What <c>docker run</c> and <c>docker network connect</c> say of a container on a network, as the endpoint settings that the client makes of it.</summary>
internal static class EndpointFlags
{
    public static readonly string[] Valued = ["network-alias", "net-alias", "ip", "ip6", "link-local-ip", "mac-address"];
    public static readonly string[] OfConnect = ["alias", "ip", "ip6", "link", "link-local-ip", "driver-opt", "gw-priority"];

    /// <summary>Null where nothing is said.</summary>
    /// <param name="links">Links go into the endpoint only where a network is connected.</param>
    public static JsonObject? Of(FlagWords flags, IEnumerable<string> aliases, IEnumerable<string> links)
    {
        var addresses = Said(("IPv4Address", Text(flags.Last("ip"))), ("IPv6Address", Text(flags.Last("ip6"))), ("LinkLocalIPs", List(flags.All("link-local-ip"))));
        return Said(
            ("IPAMConfig", addresses),
            ("Links", List(links)),
            ("Aliases", List(aliases)),
            ("MacAddress", Text(flags.Last("mac-address"))),
            ("DriverOpts", flags.Has("driver-opt") ? FlagWords.Map(flags.All("driver-opt")) : null));
    }

    private static JsonObject? Said(params (string Name, JsonNode? Value)[] members)
    {
        var said = new JsonObject();
        foreach (var (name, value) in members.Where(member => member.Value is not null))
        {
            said[name] = value;
        }

        return said.Count == 0 ? null : said;
    }

    private static JsonValue? Text(string? text) => text is null ? null : JsonValue.Create(text);

    private static JsonArray? List(IEnumerable<string> texts) => texts.Any() ? FlagWords.List(texts) : null;
}
