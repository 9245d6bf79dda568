using Gateway.EngineApi;
using Gateway.EngineApi.Documents;
using Gateway.Objects;

namespace Gateway.Policy.Checks;

/// <summary>
/// All mounts of another container: an own one, forwarded by full id, and only where the role may have its binds itself, since they may
/// come from another role or an older policy (threats §3.2). Its volumes are looked at in the new container, as any that it keeps.
/// </summary>
internal static class VolumesFromCheck
{
    private const string Field = "HostConfig.VolumesFrom";

    private static readonly string[] Kinds = ["bind", "volume", "tmpfs"];

    public static Check<ContainerCreateBody> OfCreate { get; } = new("volumes-from", "binds", [Field], (body, context) =>
        body.HostConfig!.VolumesFrom = body.HostConfig.VolumesFrom?.Select(from => Checked(from, context)).ToList())
    { ForEveryone = true };

    private static string Checked(string text, CheckContext context)
    {
        var parts = text.Split(':');
        if (parts.Length > 2 || (parts.Length == 2 && parts[1] is not ("ro" or "rw")))
        {
            context.Malformed(Field, $"\"{CheckContext.Shown(text)}\" is not CONTAINER, CONTAINER:ro or CONTAINER:rw");
            return text;
        }

        if (context.OwnId(ObjectKind.Container, parts[0]) is not { } id)
        {
            return text;
        }

        if (!context.Unlimited)
        {
            var container = context.Find(ObjectKind.Container, parts[0])!;
            BindCheck.CheckExisting(container, readOnly: parts is [_, "ro"], Field, context.Facts.HostPaths, context);
            if (Json.Items(Json.Member(container.Raw, "Mounts")).Select(mount => Json.String(mount, "Type") ?? "").FirstOrDefault(kind => !Kinds.Contains(kind)) is { } other)
            {
                context.Refuse(Field, $"a mount of type \"{CheckContext.Shown(other)}\" is not taken over from another container");
            }
        }

        return string.Join(':', [id, .. parts[1..]]);
    }
}
