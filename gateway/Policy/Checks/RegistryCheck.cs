using Gateway.EngineApi;
using Gateway.EngineApi.Documents;
using Gateway.Policy.Files.Values;

namespace Gateway.Policy.Checks;

/// <summary>
/// Registries that the engine contacts for a caller (grant <c>registries</c>; left out, those of the granted images): anything else
/// would make it a scanner of the host's network (threats §3.4). Hosts are taken out of the text exactly as the engine does.
/// </summary>
internal static class RegistryCheck
{
    public const string Hub = "docker.io";
    public static IReadOnlyList<string> HubNames { get; } = ["", Hub, "index.docker.io", "registry-1.docker.io"];

    public static Check<AuthBody> OfAuth { get; } = new("registries", "registries", ["serveraddress"], (body, context) =>
        CheckAddress(body.ServerAddress ?? "", "serveraddress", context));

    public static Check<NoBody> OfSearch { get; } = new("registries", "registries", ["?term"], (_, context) => Check(SearchedHost(context.Query.Get("term") ?? ""), "term", context));

    /// <summary>
    /// Pulls and pushes go to the registries of the images' names, which <c>images</c> and <c>own-images</c> grant; to <c>localhost</c> only
    /// where that is said to be a registry.
    /// </summary>
    public static Check<NoBody> OfPull { get; } = new("pull-registry", "registries", ["?fromImage"], (_, context) => CheckLocal(context.Query.Get("fromImage"), "fromImage", context));

    public static Check<NoBody> OfPush { get; } = new("push-registry", "registries", [], (_, context) => CheckLocal(context.Request.Name, "name", context));

    public static Check<NoBody> OfDistribution { get; } = new("distribution", "images", [], (_, context) =>
    {
        if (!ImageReference.TryParse(context.Request.Name!, out var image) || !ImageAccess.MayRead(context, image))
        {
            context.NoGrant("name", "image", context.Request.Name!, context.Grants.Images);
        }
        else
        {
            Check(image.Domain, "name", context);
        }
    });

    /// <summary>Credentials that come along are for a registry that the role may log in at.</summary>
    public static Check<NoBody> OfHead { get; } = new("registry-head", "registries", [], (_, context) =>
    {
        foreach (var address in context.Request.RegistryAuth?.Registries.Where(address => address.Length > 0) ?? [])
        {
            CheckAddress(address, "X-Registry-Auth", context);
        }
    });

    /// <summary>
    /// A build comes with all the credentials that a client has, needed or not: those of other registries are left out, so that the
    /// engine cannot use them there.
    /// </summary>
    public static Check<NoBody> OfBuildHead { get; } = new("build-credentials", "registries", [], (_, context) =>
    {
        if (context.RegistryAuth is { } auth)
        {
            context.RegistryAuth = auth.Of((key, account) => IsGranted(HostOf(key), context) && (string.IsNullOrEmpty(account.ServerAddress) || IsGranted(HostOf(account.ServerAddress), context)));
        }
    });

    /// <summary>A log-in's address: empty for Docker Hub, else with a host.</summary>
    private static void CheckAddress(string address, string field, CheckContext context)
    {
        var host = HostOf(address);
        if (host.Length == 0 && address.Length > 0)
        {
            context.Malformed(field, $"\"{CheckContext.Shown(address)}\" names no registry");
        }
        else
        {
            Check(host, field, context);
        }
    }

    private static void CheckLocal(string? image, string field, CheckContext context)
    {
        if (IsLocal(image) && !IsGranted(RegistryHost.Local, context))
        {
            context.NoGrant(field, "a registry on the engine's own host:", RegistryHost.Local, context.Grants.ContactedRegistries);
        }
    }

    /// <summary>An image of a registry on the engine's own host.</summary>
    public static bool IsLocal(string? image) => ImageReference.TryParse(image ?? "", out var reference) && reference.Domain == RegistryHost.Local;

    /// <summary>moby <c>daemon/pkg/registry/search.go</c>: what stands before the first slash is a host if it reads like one; empty for Docker Hub.</summary>
    public static string SearchedHost(string term) =>
        term.Split('/') is [var first, _, ..] && (first.AsSpan().ContainsAny('.', ':') || first == RegistryHost.Local) ? first : "";

    private static void Check(string host, string field, CheckContext context)
    {
        if (!IsGranted(host, context))
        {
            context.NoGrant(field, "registry", Name(host), context.Grants.ContactedRegistries);
        }
    }

    private static bool IsGranted(string host, CheckContext context) => context.Grants.ContactedRegistries is var granted && (granted.Contains(Name(host)) || granted.Contains("*"));

    private static string Name(string host) => HubNames.Contains(host) ? Hub : host;

    /// <summary>moby <c>daemon/pkg/registry/service.go</c>: only these two schemes, in lower case, are schemes; the host ends at the first slash.</summary>
    public static string HostOf(string address)
    {
        foreach (var scheme in (ReadOnlySpan<string>)["https://", "http://"])
        {
            if (address.StartsWith(scheme, StringComparison.Ordinal))
            {
                return address[scheme.Length..].Split('/')[0];
            }
        }

        return address.Split('/')[0];
    }
}
