using Gateway.EngineApi;
using Gateway.EngineApi.Documents;

namespace Gateway.Policy.Checks;

/// <summary>
/// A container may have been made by another of the caller's roles, one that runs nothing as root and may therefore write a folder
/// of the host. A role that runs root inside enters it only where that folder is its own to write too: else two roles together would leave a
/// set-uid program on the host that neither could leave alone (threats, rule B8; I23, I51).
/// </summary>
internal static class ExecBindCheck
{
    public static Check<ExecCreateBody> OfExec { get; } = new("exec-binds", "binds", [], (_, context) =>
    {
        if (context.Grants.NonRoot || context.Role.RootEquivalent || context.AllObjects || context.Find(ObjectKind.Container, context.Request.Name ?? "") is not { } container)
        {
            return;
        }

        var kept = BindCheck.Of(container).Concat(BindCheck.FoldersOf(container).Select(kept => (Source: kept.Folder, kept.Writable)));
        foreach (var (source, _) in kept.Where(bind => bind.Writable && !context.Grants.Binds.Any(grant => grant.ReadWrite && context.Expand(grant.Source).Contains(bind.Source))))
        {
            context.NoGrant("User", "running as root beside the read-write bind", source, context.Grants.Binds.Where(grant => grant.ReadWrite).Select(grant => grant.Source));
        }
    });
}
