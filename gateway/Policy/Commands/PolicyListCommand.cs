using System.CommandLine;
using Gateway.Policy.Listing;

namespace Gateway.Policy.Commands;

/// <summary><c>gateway policy list DIR</c>: what the policies define.</summary>
internal static class PolicyListCommand
{
    public static Command Create()
    {
        var dir = PolicySource.Folder();
        var format = new Option<string>("--format") { Description = "table or json", DefaultValueFactory = _ => "table" };
        format.AcceptOnlyFromAmong("table", "json");
        var command = new Command("list", "Lists the roles, their rules and grants, the users and the groups.\n\nExample:\n  gateway policy list /etc/docker-gateway/policies --format json")
        {
            dir, format,
        };
        command.SetAction(result =>
        {
            var output = result.InvocationConfiguration.Output;
            if (PolicySource.Load(result.GetRequiredValue(dir), result.InvocationConfiguration.Error) is not { } policy)
            {
                return PolicyExit.Invalid;
            }

            output.Write(result.GetRequiredValue(format) == "json" ? PolicyListing.Json(policy) : PolicyListing.Table(policy));
            return PolicyExit.Yes;
        });
        return command;
    }
}
