namespace Gateway.Narrowing;

/// <summary>
/// The one list of what becomes of each operation's answer for a role that may not see everything. An operation that does not
/// stand here is not answered to such a role at all (I65); root-equivalent ones need no rule.
/// </summary>
internal static class AnswerRules
{
    private const string Own = "the operation is on an object that the caller may touch, and speaks of nothing else";
    private const string Empty = "the answer says that it was done, or the new object's own id";
    private const string Filtered = "the engine was given a filter of the caller's own objects, and reports what it removed of these";
    private const string Engine = "speaks of the engine, not of objects";

    private static readonly Dictionary<string, AnswerRule> Rules = new(StringComparer.Ordinal)
    {
        ["ContainerList"] = new AnswerRule.Elements(ListNarrowing.Container),
        ["ContainerCreate"] = new AnswerRule.AsItIs(Empty),
        ["ContainerInspect"] = new AnswerRule.Whole((body, _) => FolderMounts.Container(body)),
        ["ContainerTop"] = new AnswerRule.AsItIs(Own),
        ["ContainerLogs"] = new AnswerRule.AsItIs(Own),
        ["ContainerChanges"] = new AnswerRule.AsItIs(Own),
        ["ContainerExport"] = new AnswerRule.AsItIs(Own),
        ["ContainerStats"] = new AnswerRule.AsItIs(Own),
        ["ContainerResize"] = new AnswerRule.AsItIs(Empty),
        ["ContainerStart"] = new AnswerRule.AsItIs(Empty),
        ["ContainerStop"] = new AnswerRule.AsItIs(Empty),
        ["ContainerRestart"] = new AnswerRule.AsItIs(Empty),
        ["ContainerKill"] = new AnswerRule.AsItIs(Empty),
        ["ContainerUpdate"] = new AnswerRule.AsItIs(Empty),
        ["ContainerRename"] = new AnswerRule.AsItIs(Empty),
        ["ContainerPause"] = new AnswerRule.AsItIs(Empty),
        ["ContainerUnpause"] = new AnswerRule.AsItIs(Empty),
        ["ContainerAttach"] = new AnswerRule.AsItIs(Own),
        ["ContainerAttachWebsocket"] = new AnswerRule.AsItIs(Own),
        ["ContainerWait"] = new AnswerRule.AsItIs(Own),
        ["ContainerDelete"] = new AnswerRule.AsItIs(Empty),
        ["ContainerArchiveInfo"] = new AnswerRule.AsItIs(Own),
        ["ContainerArchive"] = new AnswerRule.AsItIs(Own),
        ["PutContainerArchive"] = new AnswerRule.AsItIs(Empty),
        ["ContainerPrune"] = new AnswerRule.AsItIs(Filtered),
        ["ContainerExec"] = new AnswerRule.AsItIs(Empty),

        ["ExecStart"] = new AnswerRule.AsItIs(Own),
        ["ExecResize"] = new AnswerRule.AsItIs(Empty),
        ["ExecInspect"] = new AnswerRule.AsItIs(Own),

        ["ImageList"] = new AnswerRule.Elements(ListNarrowing.Image),
        ["ImageInspect"] = new AnswerRule.Whole(InspectNarrowing.Image),
        ["ImageHistory"] = new AnswerRule.Whole(InspectNarrowing.History),
        ["ImageAttestations"] = new AnswerRule.AsItIs("belongs to an image that the caller may read"),
        ["ImageSearch"] = new AnswerRule.AsItIs("comes from a public registry"),
        ["ImageGet"] = new AnswerRule.AsItIs("holds images that the caller may read"),
        ["ImageGetAll"] = new AnswerRule.AsItIs("holds images that the caller may read"),
        ["ImageCreate"] = new AnswerRule.ErrorsInLines(),
        ["ImagePush"] = new AnswerRule.ErrorsInLines(),
        ["ImageTag"] = new AnswerRule.AsItIs(Empty),
        ["ImageDelete"] = new AnswerRule.Elements(ReportNarrowing.DeletedImage),
        ["ImageCommit"] = new AnswerRule.AsItIs(Empty),
        ["ImageBuild"] = new AnswerRule.ErrorsInLines(),
        ["DistributionInspect"] = new AnswerRule.AsItIs("comes from a registry that the caller may read from"),

        ["SystemAuth"] = new AnswerRule.AsItIs("comes from the registry, about the caller's own credentials"),
        ["SystemPing"] = new AnswerRule.AsItIs(Engine),
        ["SystemPingHead"] = new AnswerRule.AsItIs(Engine),
        ["SystemVersion"] = new AnswerRule.AsItIs(Engine),
        ["SystemInfo"] = new AnswerRule.Looked(AnswerLook.Counts),
        ["SystemEvents"] = new AnswerRule.Events(),
        ["SystemDataUsage"] = ReportNarrowing.DataUsage,

        ["NetworkList"] = new AnswerRule.Elements(ListNarrowing.Network),
        ["NetworkListSlash"] = new AnswerRule.Elements(ListNarrowing.Network),
        ["NetworkInspect"] = new AnswerRule.Looked(AnswerLook.Containers),
        ["NetworkCreate"] = new AnswerRule.AsItIs(Empty),
        ["NetworkConnect"] = new AnswerRule.AsItIs(Empty),
        ["NetworkDisconnect"] = new AnswerRule.AsItIs(Empty),
        ["NetworkDelete"] = new AnswerRule.AsItIs(Empty),
        ["NetworkPrune"] = new AnswerRule.AsItIs(Filtered),

        ["VolumeList"] = ReportNarrowing.VolumeList,
        ["VolumeInspect"] = new AnswerRule.AsItIs(Own),
        ["VolumeCreate"] = new AnswerRule.Looked(AnswerLook.OwnerOfVolume),
        ["VolumeDelete"] = new AnswerRule.AsItIs(Empty),
        ["VolumePrune"] = new AnswerRule.AsItIs(Filtered),

        // Nodes and tasks have no owner: a list has none of them for whoever may not see them all.
        ["PluginInspect"] = new AnswerRule.AsItIs("answered to root-equivalent roles alone"),
        ["NodeList"] = new AnswerRule.Elements((_, _) => null),
        ["NodeInspect"] = new AnswerRule.AsItIs("answered to rules on all objects alone"),
        ["TaskList"] = new AnswerRule.Elements((_, _) => null),
        ["TaskInspect"] = new AnswerRule.AsItIs(Own),
        ["TaskLogs"] = new AnswerRule.AsItIs(Own),
        ["ServiceList"] = new AnswerRule.Elements((item, viewer) => ListNarrowing.Whole(EngineApi.ObjectKind.Service, item, viewer)),
        ["ServiceInspect"] = new AnswerRule.AsItIs(Own),
        ["ServiceLogs"] = new AnswerRule.AsItIs(Own),
        ["SecretList"] = new AnswerRule.Elements((item, viewer) => ListNarrowing.Whole(EngineApi.ObjectKind.Secret, item, viewer)),
        ["SecretInspect"] = new AnswerRule.AsItIs(Own),
    };

    public static IEnumerable<string> Operations => Rules.Keys;

    /// <summary>The rule, or null where there is none and nothing may be passed on.</summary>
    public static AnswerRule? Of(string operation) => Rules.GetValueOrDefault(operation);
}
