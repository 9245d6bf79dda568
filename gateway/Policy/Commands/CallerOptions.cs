using System.CommandLine;
using Gateway.Offline;
using Gateway.Policy.Ask;
using Gateway.Policy.Files.Values;

namespace Gateway.Policy.Commands;

/// <summary>The flags that say who asks: <c>--user</c>, with the O values of the certificate where groups go by them.</summary>
/// <param name="required">False where a record can say who asked.</param>
internal sealed class CallerOptions(bool required = true)
{
    private readonly Option<string> _user = new("--user") { Description = required ? "the user who would ask" : "the user who would ask (default: whom an audit record names)", Required = required };

    private readonly Option<string[]> _organizations = new("--organization") { Description = "an O of the user's certificate, for groups that go by it; several times", AllowMultipleArgumentsPerToken = false };

    public void AddTo(Command command)
    {
        command.Options.Add(_user);
        command.Options.Add(_organizations);
    }

    /// <exception cref="FormatException">Nobody is named.</exception>
    public OfflineCaller Read(ParseResult result, AccessPolicy policy, RequestFile? file = null)
    {
        var name = result.GetValue(_user) ?? file?.User ?? throw new FormatException("--user: say who asks");
        var organizations = result.GetValue(_organizations) is { Length: > 0 } given ? given : file?.Organizations;
        var caller = OfflineCaller.Find(policy, name, new Membership(organizations ?? [], []));
        var known = policy.Users.Keys.Concat(policy.Groups.Values.SelectMany(group => group.Members));
        return caller.Nobody is null ? caller : caller with { Nobody = caller.Nobody + Spelling.Hint(name, known) };
    }
}
