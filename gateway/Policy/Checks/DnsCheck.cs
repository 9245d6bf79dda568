using System.Net;
using Gateway.EngineApi.Documents;

namespace Gateway.Policy.Checks;

/// <summary>What a container believes of names concerns itself: addresses are addresses, and nothing holds a line break. No grant.</summary>
internal static class DnsCheck
{
    public static Check<ContainerCreateBody> OfCreate { get; } = new(
        "dns", null, ["HostConfig.Dns", "HostConfig.DnsOptions", "HostConfig.DnsSearch", "HostConfig.ExtraHosts"], (body, context) =>
        {
            var host = body.HostConfig!;
            Each(host.Dns, "HostConfig.Dns", "an address", IsAddress, context);
            Each(host.DnsOptions, "HostConfig.DnsOptions", "an option of resolv.conf", IsWord, context);
            Each(host.DnsSearch, "HostConfig.DnsSearch", "a domain", IsWord, context);
            Each(host.ExtraHosts, "HostConfig.ExtraHosts", "NAME:ADDRESS", IsExtraHost, context);
        });

    public static Check<NoBody> OfBuild { get; } = new("dns", null, ["?extrahosts"], (_, context) =>
        Each(context.Query.GetAll("extrahosts"), "extrahosts", "NAME:ADDRESS", IsExtraHost, context));

    private static void Each(IReadOnlyList<string>? values, string field, string what, Func<string, bool> isValid, CheckContext context)
    {
        if (values?.FirstOrDefault(value => !isValid(value)) is { } wrong)
        {
            context.Malformed(field, $"\"{CheckContext.Shown(wrong)}\" is not {what}");
        }
    }

    private static bool IsAddress(string text) => IPAddress.TryParse(text, out _) && text.AsSpan().IndexOfAny('.', ':') >= 0;

    private static bool IsWord(string text) => text.Length is > 0 and <= 255 && !text.Any(c => char.IsControl(c) || char.IsWhiteSpace(c));

    private static bool IsExtraHost(string text)
    {
        var at = text.IndexOfAny([':', '=']);
        return at > 0 && IsWord(text) && (text[(at + 1)..] == "host-gateway" || IsAddress(text[(at + 1)..].TrimStart('[').TrimEnd(']')));
    }
}
