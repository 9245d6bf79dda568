using Gateway.EngineApi.Documents;

namespace Gateway.Policy.Checks;

/// <summary>The engine contacts whatever registry a log-in names: only those that the images grant names, else it is a port scanner (threats §3.4).</summary>
internal static class RegistryCheck
{
    private static readonly string[] Hub = ["", "docker.io", "index.docker.io", "registry-1.docker.io"];

    public static void Check(AuthBody body, CheckContext context)
    {
        var address = body.ServerAddress ?? "";
        var host = (address.Contains("://", StringComparison.Ordinal) ? address[(address.IndexOf("://", StringComparison.Ordinal) + 3)..] : address).Split('/')[0];
        var registries = context.Grants.Images.Concat(context.Grants.OwnImages).Select(pattern => pattern.Split('/')[0]);
        if (!context.Unlimited && !registries.Contains(Hub.Contains(host) ? "docker.io" : host))
        {
            context.Refuse("serveraddress", $"no grant for images of registry \"{host}\"");
        }
    }
}
