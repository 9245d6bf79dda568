using System.Globalization;
using Gateway.Policy;

namespace Gateway.Replay;

/// <summary>The policy file that is drafted: one role, and the user who has it.</summary>
internal static class LearnedPolicy
{
    private const int RateHeadroom = 2;

    /// <param name="root">How far the role has to go, which may be further than the calls by themselves asked for.</param>
    /// <param name="why">The reason, where <paramref name="root"/> is more than none.</param>
    /// <param name="remarks">Said at the top of the role.</param>
    public static string Write(string user, LearnedRole learned, RootNeed root, string? why, IEnumerable<string> remarks)
    {
        List<string> lines =
        [
            $"# Drafted from {Number(learned.Seen)} recorded requests of {user}. Read every line before using it.",
            .. learned.Unreadable > 0 ? [$"# {Number(learned.Unreadable)} requests more were allowed, and are not covered: their records do not hold enough."] : (string[])[],
            "version: 1",
            "",
            "roles:",
            $"  learned-{user}:",
            $"    about: What {user} was seen to do.",
            .. remarks.Select(remark => $"    # {Line(remark)}"),
            .. root == RootNeed.None ? [] : (string[])[$"    # {Line(why ?? "")}", "    root-equivalent: true"],
            "    rules:",
            .. learned.Rules().SelectMany(Rule),
            .. root == RootNeed.NoGrants ? [] : new LearnedGrants(learned).Lines(),
            $"    # at most {Number(learned.Busiest)} requests were seen in one second; a rate that leaves room:",
            $"    # rate: {{requests: {Number(learned.Busiest * RateHeadroom)}/s}}",
            "",
            "users:",
            $"  {user}: {{roles: [learned-{user}]}}",
        ];
        return string.Join('\n', lines) + "\n";
    }

    private static IEnumerable<string> Rule(LearnedRule rule, int index)
    {
        foreach (var (operation, use) in rule.Operations)
        {
            yield return $"      # {operation}: {use}";
        }

        yield return $"      - id: {rule.Kind.ToString().ToLowerInvariant()}-{Number(index + 1)}";
        yield return $"        allow: [{string.Join(", ", rule.Operations.Keys)}]";
        switch (rule.On.Kind)
        {
            case SelectorKind.All:
                yield return "        on: all";
                break;
            case SelectorKind.Name:
                yield return $"        on: {{name: \"{rule.On.Pattern}\"}}";
                break;
            default:
                break;
        }
    }

    private static string Line(string text) => string.Concat(text.Select(c => char.IsControl(c) ? ' ' : c));

    private static string Number(long number) => number.ToString(CultureInfo.InvariantCulture);
}
