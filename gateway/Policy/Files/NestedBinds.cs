using Gateway.Policy.Files.Values;

namespace Gateway.Policy.Files;

/// <summary>
/// Finds bind sources that lie in a read-write one: whoever has that can put a link in the place of what lies in it, and the
/// engine would follow it at the next start (threats.md rule B4, I21, I22).
/// </summary>
internal sealed class NestedBinds(Findings findings)
{
    private readonly List<(BindGrant Bind, SourcePosition At)> _binds = [];

    /// <summary>Notes the bind of a role that is not root-equivalent.</summary>
    public void Add(BindGrant bind, SourcePosition at) => _binds.Add((bind, at));

    public void Report()
    {
        foreach (var (bind, at) in _binds)
        {
            var holders = _binds.Where(other => other.Bind.ReadWrite && LiesIn(bind.Source, other.Bind.Source, MayBeSame)).ToList();
            if (holders.Find(other => LiesIn(bind.Source, other.Bind.Source, string.Equals)) is ({ } holder, var place))
            {
                findings.Error(at, $"bind source {Quoted.Text(bind.Source)} lies in {Quoted.Text(holder.Source)} ({place}), which is read-write, so its users could put a link in its place; grant folders beside each other");
            }
            else if (holders.Count > 0)
            {
                findings.Warn(at, $"bind source {Quoted.Text(bind.Source)} may lie in {Quoted.Text(holders[0].Bind.Source)} ({holders[0].At}) of a user of that name; it is refused while that one is in use");
            }
        }
    }

    private static bool LiesIn(string path, string folder, Func<string, string, bool> same)
    {
        var (inner, outer) = (HostPath.Components(path), HostPath.Components(folder));
        return inner.Length > outer.Length && inner.Zip(outer).All(pair => same(pair.First, pair.Second));
    }

    private static bool MayBeSame(string one, string other) =>
        one == other || (one == UserVariable.Text && PolicyName.IsValid(other)) || (other == UserVariable.Text && PolicyName.IsValid(one));
}
