using Gateway.Policy.Files.Values;
using Gateway.Policy.Files.Yaml;

namespace Gateway.Policy.Files;

/// <summary>Binds <c>binds:</c> and refuses there what would make its role root on the host (threats.md rule B8 and B9, I23, I24).</summary>
internal sealed class BindsReader(PolicyLoadOptions options, Findings findings)
{
    private readonly NeverBindable _neverBindable = new(options.ProtectedPaths);

    /// <summary>The binds of all roles that were read with this reader.</summary>
    public NestedBinds Nested { get; } = new(findings);

    public IReadOnlyList<BindGrant> Read(IReadOnlyList<YamlNode> items, bool rootEquivalent, bool nonRoot)
    {
        var binds = new List<BindGrant>();
        foreach (var item in items)
        {
            if (MapReader.Of(item, findings, "source", "access", "setuid", "inside") is not { } map) continue;
            var required = map.Require("source", "source: /path") & map.Require("access", "access: ro or access: rw");
            var source = map.Value<string>("source", HostPath.TryParseBindSource);
            var bind = new BindGrant(source ?? "", map.Value("access", Words.Access), map.Value("setuid", Words.Setuid), map.Value("inside", Words.Flag));
            if (!required || source is null) continue;
            if (bind.Inside && source == "/") findings.Error(map.KeyAt("inside"), "inside: the root folder has no volume of its own; grant the folders that are meant");
            if (!rootEquivalent)
            {
                RefuseEscalation(bind, map.Node("source")!.At, nonRoot);
                Nested.Add(bind, map.Node("source")!.At);
            }

            binds.Add(bind);
        }

        return binds;
    }

    private void RefuseEscalation(BindGrant bind, SourcePosition at, bool nonRoot)
    {
        if (_neverBindable.Meets(bind.Source) is { } meeting)
        {
            findings.Error(at, $"bind source {Quoted.Text(bind.Source)} is not for a role without \"root-equivalent: true\": {meeting}");
        }
        else if (bind.ReadWrite && !nonRoot && bind.SetuidAccepted && !options.IsMountedNoSuidNoDev(bind.Source))
        {
            findings.Warn(at, $"bind source {Quoted.Text(bind.Source)} is read-write on a file system where set-uid programs work, which \"setuid: accepted\" accepts: whoever has a local account that reaches the folder can become root");
        }
        else if (bind.ReadWrite && !nonRoot && !options.IsMountedNoSuidNoDev(bind.Source))
        {
            findings.Error(at, $"bind source {Quoted.Text(bind.Source)} is read-write, so root in a container could leave a set-uid program there for a local account; mount its file system nosuid,nodev, or set \"user: non-root\", or write \"setuid: accepted\" to accept that");
        }
    }
}
