using System.Globalization;
using Gateway.EngineApi.Documents;

namespace Gateway.Policy.Checks;

/// <summary>
/// Further groups are the host's groups on whatever is mounted: plain numbers, and none under <c>user: non-root</c>, where they would
/// give what the user itself was kept from. Names would be the image's to decide (threats §3.2).
/// </summary>
internal static class GroupCheck
{
    public static Check<ContainerCreateBody> OfCreate { get; } = new("groups", "user", ["HostConfig.GroupAdd"], (body, context) =>
    {
        foreach (var group in body.HostConfig!.GroupAdd ?? [])
        {
            if (context.Grants.NonRoot)
            {
                context.NoGrant("HostConfig.GroupAdd", "group", group, []);
            }
            else if (!int.TryParse(group, NumberStyles.None, CultureInfo.InvariantCulture, out _))
            {
                context.Malformed("HostConfig.GroupAdd", $"\"{CheckContext.Shown(group)}\" is not a group's number");
            }
        }
    });
}
