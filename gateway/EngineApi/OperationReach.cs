namespace Gateway.EngineApi;

/// <summary>How far an operation reaches beyond what a caller owns, and why: whom it is for, whatever a role's rules say (I66).</summary>
/// <param name="RootEquivalentOnly">True where only a root-equivalent role may have it; else a rule with <c>on: all</c>.</param>
internal sealed record OperationReach(bool RootEquivalentOnly, string Reason)
{
    private const string Checkpoints = "checkpoints are folders of the host, written as root";
    private const string Plugins = "a plugin is a root process with mounts and capabilities of the host";
    private const string PluginSettings = "plugins' settings hold secrets and show mounts of the host";
    private const string Swarm = "it decides over the whole cluster; a join token is root on this host";
    private const string Nodes = "it steers where everybody's services run";
    private const string Services = "a service can mount, join and publish on every node, and its containers have no owner";
    private const string Secrets = "a swarm's secrets and configs belong to its services, which have no owner";
    private const string Configs = "a swarm's configs are handed out with their data";
    private const string BuildKit = "what BuildKit is asked over it is judged by nobody, and its builds belong to everybody";
    private const string Debug = "the engine's memory holds credentials";
    private const string SeeAll = "a swarm's services, tasks, nodes and secrets have no owner: who sees one sees all";

    /// <summary>For root-equivalent roles alone.</summary>
    private static readonly Dictionary<string, string> Root = new(StringComparer.Ordinal)
    {
        ["ContainerCopyLegacy"] = "no engine has it any more",
        ["ContainerCheckpointList"] = Checkpoints,
        ["ContainerCheckpointCreate"] = Checkpoints,
        ["ContainerCheckpointDelete"] = Checkpoints,
        ["ImageLoad"] = "the names are inside the archive, so that any image could be put behind a name that others run",
        ["ImagePrune"] = "images that nobody uses are everybody's; docker rmi removes own ones, docker container prune, volume prune and network prune what else is own",
        ["BuildPrune"] = "the build cache is everybody's",
        ["BuildCancel"] = "it ends whatever build has that id",
        ["Session"] = BuildKit,
        ["Grpc"] = BuildKit,
        ["SystemOptions"] = "no client uses it",
        ["VolumeUpdate"] = "cluster volumes are a swarm's",
        ["PluginList"] = PluginSettings,
        ["PluginInspectLegacy"] = PluginSettings,
        ["GetPluginPrivileges"] = Plugins,
        ["PluginPull"] = Plugins,
        ["PluginPush"] = Plugins,
        ["PluginUpgrade"] = Plugins,
        ["PluginSet"] = Plugins,
        ["PluginCreate"] = Plugins,
        ["PluginEnable"] = Plugins,
        ["PluginDisable"] = Plugins,
        ["PluginDelete"] = Plugins,
        ["SwarmInspect"] = Swarm,
        ["SwarmUnlockkey"] = Swarm,
        ["SwarmInit"] = Swarm,
        ["SwarmJoin"] = Swarm,
        ["SwarmLeave"] = Swarm,
        ["SwarmUpdate"] = Swarm,
        ["SwarmUnlock"] = Swarm,
        ["NodeDelete"] = Nodes,
        ["NodeUpdate"] = Nodes,
        ["ServiceCreate"] = Services,
        ["ServiceUpdate"] = Services,
        ["ServiceDelete"] = Services,
        ["SecretCreate"] = Secrets,
        ["SecretUpdate"] = Secrets,
        ["SecretDelete"] = Secrets,
        ["ConfigCreate"] = Secrets,
        ["ConfigUpdate"] = Secrets,
        ["ConfigDelete"] = Secrets,
        ["ConfigList"] = Configs,
        ["ConfigInspect"] = Configs,
        ["DebugVars"] = Debug,
        ["DebugPprofIndex"] = Debug,
        ["DebugPprofCmdline"] = Debug,
        ["DebugPprofProfile"] = Debug,
        ["DebugPprofSymbol"] = Debug,
        ["DebugPprofTrace"] = Debug,
        ["DebugPprofName"] = Debug,
    };

    /// <summary>For rules with <c>on: all</c>: what a role that only watches may see; a secret's value is in none of the answers.</summary>
    private static readonly HashSet<string> All = new(StringComparer.Ordinal)
    {
        "ServiceList", "ServiceInspect", "ServiceLogs", "TaskList", "TaskInspect", "TaskLogs", "NodeList", "NodeInspect", "SecretList", "SecretInspect",
    };

    /// <summary>Null for an operation on objects that have an owner, or on none.</summary>
    public static OperationReach? Of(string operation) =>
        Root.TryGetValue(operation, out var reason) ? new OperationReach(true, reason) : All.Contains(operation) ? new OperationReach(false, SeeAll) : null;

    /// <summary>The words for a refusal.</summary>
    public override string ToString() => $"which is for {(RootEquivalentOnly ? "root-equivalent roles" : "rules with \"on: all\"")} only: {Reason}";
}
