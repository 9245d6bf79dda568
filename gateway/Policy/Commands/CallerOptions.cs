using System.CommandLine;
using Gateway.Offline;
using Gateway.Policy.Files.Values;

namespace Gateway.Policy.Commands;

/// <summary>The flags that say who asks: <c>--user</c>, with the O values of the certificate where groups go by them.</summary>
internal sealed class CallerOptions
{
    private readonly Option<string> _user = new("--user") { Description = "the user who would ask", Required = true };

    private readonly Option<string[]> _organizations = new("--organization") { Description = "an O of the user's certificate, for groups that go by it; several times", AllowMultipleArgumentsPerToken = false };

    public void AddTo(Command command)
    {
        command.Options.Add(_user);
        command.Options.Add(_organizations);
    }

    public OfflineCaller Read(ParseResult result, AccessPolicy policy)
    {
        var name = result.GetRequiredValue(_user);
        var caller = OfflineCaller.Find(policy, name, result.GetValue(_organizations));
        var known = policy.Users.Keys.Concat(policy.Groups.Values.SelectMany(group => group.Members));
        return caller.Nobody is null ? caller : caller with { Nobody = caller.Nobody + Spelling.Hint(name, known) };
    }
}
