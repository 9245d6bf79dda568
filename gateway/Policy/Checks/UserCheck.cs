using System.Globalization;
using System.Text.RegularExpressions;
using Gateway.EngineApi.Documents;
using Gateway.Objects;

namespace Gateway.Policy.Checks;

/// <summary>
/// Who runs in a container (grant <c>user</c>). <c>any</c>: every user and group of one plain spelling. <c>non-root</c>: a plain
/// number over 0, always said, since names and an empty user are the image's to decide; set-uid programs do nothing; and
/// nothing that runs as root on the way (threats §3.1, I31).
/// </summary>
internal static partial class UserCheck
{
    private const string Hint = "this role runs nothing as root: give a numeric user and group, as in 1000:1000";

    public static Check<ContainerCreateBody> OfCreate { get; } = new("user", "user", ["User", "HostConfig.SecurityOpt"], (body, context) =>
    {
        Check(body.User, "User", context);
        if (context.Grants.NonRoot)
        {
            body.HostConfig!.SecurityOpt = SecurityOptionCheck.WithoutNewPrivileges(body.HostConfig.SecurityOpt, context);
        }
    });

    /// <summary>Who an existing container runs as, and whether it gave up new privileges when it was made.</summary>
    public static void CheckKept(string? user, List<string> options, CheckContext context)
    {
        if (context.Grants.NonRoot)
        {
            Check(user, "User", context);
            if (!SecurityOptionCheck.GivesUpNewPrivileges(options))
            {
                context.Refuse("HostConfig.SecurityOpt", "this role runs nothing that could gain privileges, and this container could; make it anew");
            }
        }
    }

    public static Check<ExecCreateBody> OfExec { get; } = new("user", "user", ["User"], (body, context) => Check(body.User, "User", context));

    /// <summary>What an exec was prepared with, which may have been under another policy.</summary>
    public static Check<ExecStartBody> OfExecStart { get; } = new("prepared-exec", "user", [], (_, context) =>
    {
        var process = Json.Member(context.Find(EngineApi.ObjectKind.Exec, context.Request.Name ?? "")?.Raw ?? default, "ProcessConfig");
        if (Json.True(process, "privileged") && !context.Grants.Privileged)
        {
            context.NoGrant("ProcessConfig.privileged", "privileged exec", "true", ["false"]);
        }

        Check(Json.String(process, "user"), "ProcessConfig.user", context);
    });

    /// <summary>An image's user decides nothing here: a create says its own. One that is said is held to the rule all the same.</summary>
    public static Check<ContainerConfig> OfCommit { get; } = new("user", "user", ["User", "?changes"], (body, context) =>
    {
        if (body.User is { Length: > 0 } user)
        {
            Check(user, "User", context);
        }

        if (context.Grants.NonRoot && context.Query.GetAll("changes").Any(change => change.TrimStart().StartsWith("USER", StringComparison.OrdinalIgnoreCase)))
        {
            context.Refuse("changes", "this role sets an image's user in the body's User, as a number");
        }
    });

    public static Check<NoBody> OfBuild { get; } = new("user", "user", [], (_, context) =>
    {
        if (context.Grants.NonRoot)
        {
            context.NoGrant("user", "build steps as", "root", ["non-root"]);
        }
    });

    private static void Check(string? user, string field, CheckContext context)
    {
        if (context.Grants.NonRoot)
        {
            if (user is null || !NonRootUser().IsMatch(user) || user.Split(':').Any(id => long.Parse(id, CultureInfo.InvariantCulture) > int.MaxValue))
            {
                context.Refuse(field, Hint);
            }
        }
        else if (user is { Length: > 0 } && !AnyUser().IsMatch(user))
        {
            context.Malformed(field, $"\"{CheckContext.Shown(user)}\" is not USER or USER:GROUP");
        }
    }

    [GeneratedRegex(@"\A[1-9][0-9]{0,9}(:[1-9][0-9]{0,9})?\z", RegexOptions.CultureInvariant)]
    private static partial Regex NonRootUser();

    [GeneratedRegex(@"\A[^\x00-\x20\x7f:]{1,255}(:[^\x00-\x20\x7f:]{1,255})?\z", RegexOptions.CultureInvariant)]
    private static partial Regex AnyUser();
}
