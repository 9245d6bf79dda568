using Gateway.EngineApi;

namespace Gateway.Policy.Reach;

/// <summary>What rules reach by themselves: others' containers, images that others run, and operations on the whole engine.</summary>
internal static class OperationPaths
{
    private static readonly string[] IntoContainers = ["ContainerExec", "ExecStart", "PutContainerArchive", "ContainerAttach", "ContainerAttachWebsocket"];
    private static readonly string[] OutOfContainers = ["ContainerArchive", "ContainerExport", "ImageCommit"];
    private static readonly (string Resource, string How)[] WholeEngine =
    [
        ("Plugin", "docker plugin install … : the plugin runs as root on the host."),
        ("Swarm", "A join token or an init makes this engine, or another that joins it, run what a manager says, as root."),
        ("Node", "Nodes are promoted, drained and removed for everybody."),
        ("Service", "docker service create --mount type=bind,source=/ … : services take host folders and published ports on every node."),
        ("Secret", "Everybody's secrets are replaced or removed."),
        ("Config", "Everybody's configurations are replaced or removed."),
        ("Session", "BuildKit asks this session for files and credentials in builds of others."),
        ("Grpc", "BuildKit's own protocol: entitlements, exporters and other users' build records."),
        ("Debug", "Heap dumps of the engine hold the credentials that passed through it."),
    ];

    public static void Add(RoleReach role)
    {
        if (role.Unlimited && role.Role.RootEquivalent)
        {
            role.Add(
                "unlimited", Extent.Root, "no grants", role.AtRole, "no grants section: nothing that a body asks for is limited",
                "docker run --privileged -v /:/host … and every other way.", "give the role a grants section if it does not need all of them");
        }

        Others(role);
        Whole(role);
        Builds(role);
    }

    private static void Others(RoleReach role)
    {
        // Of a role that nothing limits, only the ways to root are worth their lines.
        var all = !(role.Unlimited && role.Role.RootEquivalent);
        foreach (var group in role.OnOthers(IntoContainers).GroupBy(a => a.Rule))
        {
            var names = string.Join(", ", group.Select(a => a.Operation.Name).Distinct().Order(StringComparer.Ordinal));
            role.Add(
                "exec-others", Extent.Root, $"rules.{group.Key.Id} {On(group.Key)} {names}", role.AtRule(group.Key), $"runs code in containers of others ({names}, {On(group.Key)})",
                "docker exec into a container of a root-equivalent user, or one that the host's root made: privileged, with host folders or with the engine's socket, it is root on the host.",
                "say on: own, or take these operations out of the rule",
                group.Key.On.Kind == SelectorKind.All ? "one such container on the engine" : $"one such container that the selector matches{(group.Key.On.Kind == SelectorKind.Label ? "; labels are set by whoever makes the container" : "")}");
        }

        foreach (var (_, rule) in role.OnOthers("ContainerCreate"))
        {
            role.Add(
                "create-with-others", Extent.Root, $"rules.{rule.Id} {On(rule)} ContainerCreate", role.AtRule(rule), $"makes containers with the mounts and namespaces of {(rule.On.Kind == SelectorKind.All ? "any other" : "others' that the rule selects")} (ContainerCreate, {On(rule)})",
                "docker run --volumes-from X --pid container:X … : takes over the host folders that a container of a root-equivalent user has, or enters its processes.",
                "say on: own for ContainerCreate", $"one container {(rule.On.Kind == SelectorKind.All ? "on the engine" : "that the rule selects")} with host folders or more rights");
        }

        if (all)
        {
            ReadsAndChanges(role);
        }
    }

    private static void ReadsAndChanges(RoleReach role)
    {
        foreach (var (operation, rule) in role.OnOthers(OutOfContainers))
        {
            role.Add(
                "read-others", operation.Name == "ContainerArchive" ? Extent.Root : Extent.Others, $"rules.{rule.Id} {On(rule)} {operation}", role.AtRule(rule), $"copies files out of containers of others ({operation}, {On(rule)})",
                operation.Name == "ContainerArchive" ? "docker cp X:/… reads every file of the container as root, host folders that are bound into it included." : "Everything in the container's file system leaves it, credentials that were written there included.",
                "say on: own, or take the operation out of the rule", operation.Name == "ContainerArchive" ? "a container that binds the host's /, /etc or /root, as agents for metrics and backups do: its keys and password hashes" : null);
        }

        var selected = role.OnOthers().Where(a => a.Operation.Effect is not Effect.Read).ToList();
        foreach (var group in selected.Where(a => a.Rule.On.Kind == SelectorKind.Label).GroupBy(a => a.Rule))
        {
            role.Add(
                "label-selector", Extent.Others, $"rules.{group.Key.Id} {On(group.Key)}", role.AtRule(group.Key), $"changes what a label selects ({On(group.Key)})",
                "A label is set by whoever makes an object: it says what its maker wants to be touched, and does not keep this role from anything of theirs.", "say on: own, or select by name", null);
        }

        foreach (var group in selected.Where(a => a.Rule.On.Kind != SelectorKind.Label && !IntoContainers.Concat(OutOfContainers).Contains(a.Operation.Name)).GroupBy(a => a.Rule))
        {
            var names = group.Select(a => a.Operation.Name).Distinct().Order(StringComparer.Ordinal).ToList();
            role.Add(
                "change-others", Extent.Others, $"rules.{group.Key.Id} {On(group.Key)}", role.AtRule(group.Key), $"changes objects of others ({Some(names)}, {On(group.Key)})",
                "Stops, starts, changes or removes what other users made.", "say on: own where that is not meant", null, Weight.Note);
        }

        foreach (var group in role.OnOthers().Where(a => a.Operation is { Effect: Effect.Read, Object: ObjectKind.Container or ObjectKind.Exec or ObjectKind.Service or ObjectKind.Task or ObjectKind.Config } && !OutOfContainers.Contains(a.Operation.Name)).GroupBy(a => a.Rule))
        {
            role.Add(
                "see-others", Extent.Others, $"rules.{group.Key.Id} {On(group.Key)} read", role.AtRule(group.Key), $"sees containers of others ({Some([.. group.Select(a => a.Operation.Name).Distinct().Order(StringComparer.Ordinal)])})",
                "Inspecting shows the environment, where many keep passwords; logs and processes show what they print.", "say on: own where that is not meant", null, Weight.Note);
        }
    }

    private static void Whole(RoleReach role)
    {
        // For a role that is not root-equivalent the gateway refuses them, or holds their bodies to its grants.
        var found = role.Role.RootEquivalent
            ? role.All.Where(a => WholeEngine.Any(w => a.Operation.Name.StartsWith(w.Resource, StringComparison.Ordinal)) && (a.Operation.RootEquivalentOnly || a.Operation.Effect != Effect.Read)).ToList()
            : [];
        if (found.Count > 0)
        {
            var resources = WholeEngine.Where(w => found.Exists(a => a.Operation.Name.StartsWith(w.Resource, StringComparison.Ordinal))).ToList();
            role.Add(
                "whole-engine", Extent.Root, $"operations {string.Join(' ', resources.Select(w => w.Resource))}", role.AtRule(found[0].Rule), $"operations on the whole engine ({string.Join(", ", resources.Select(w => w.Resource))})",
                string.Join(' ', resources.Select(w => w.How)), "leave these operations out of the rule where the role does not need them");
        }

        if (role.All.Where(a => a.Operation.Name == "ImageLoad").Select(a => a.Rule).FirstOrDefault() is { } load && (role.Role.RootEquivalent || role.Grants.OwnImages.Contains("*")))
        {
            role.Add(
                "image-load", Extent.Root, "operation ImageLoad", role.AtRule(load), "loads images under any name (ImageLoad)",
                "docker load puts an image of the caller's making behind a name that a root-equivalent user runs.", "take ImageLoad out of the rule", "a root-equivalent user who runs an image by name");
        }
    }

    private static void Builds(RoleReach role)
    {
        if (role.All.Where(a => a.Operation.Name == "ImageBuild").Select(a => a.Rule).FirstOrDefault() is { } build && !role.Grants.Images.Contains("*") && !role.Unlimited)
        {
            role.Add(
                "build-any-image", Extent.Own, "operation ImageBuild", role.AtRule(build), "builds from any image (ImageBuild)",
                "docker build runs what a Dockerfile says, as root in a container, from whatever FROM names: grants.images does not hold for it. What ADD names is fetched by the engine itself, from the host's network.", "take ImageBuild out of the rule where only images of grants.images may run", null, Weight.Note);
        }
    }

    private static string On(Rule rule) => rule.On.Kind switch
    {
        SelectorKind.All => "on: all",
        SelectorKind.Label => $"on: label {string.Join(", ", rule.On.Labels!.Select(l => $"{l.Key}={l.Value}"))}",
        SelectorKind.Name => $"on: name {rule.On.Pattern}",
        SelectorKind.Image => $"on: image {rule.On.Pattern}",
        _ => "on: own",
    };

    private static string Some(List<string> names) => names.Count <= 4 ? string.Join(", ", names) : $"{string.Join(", ", names.Take(3))} and {names.Count - 3} more";
}
