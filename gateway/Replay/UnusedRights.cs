using Gateway.Audit;
using Gateway.Policy;
using Gateway.Policy.Files.Values;
using Gateway.Policy.Reach;
using Gateway.Requests;

namespace Gateway.Replay;

/// <summary>Rules and grants that nobody used, by what an audit log shows: candidates for taking away.</summary>
internal static class UnusedRights
{
    /// <exception cref="IOException">A log cannot be read.</exception>
    public static IReadOnlyList<Finding> Find(AccessPolicy policy, IReadOnlyList<string> logs, DateTimeOffset since)
    {
        var rules = new HashSet<(string Role, string Rule)>();
        var grants = new Dictionary<string, SeenGrants>(StringComparer.Ordinal);
        foreach (var call in AuditFiles.All(logs).SelectMany(AuditLines.Read).Select(line => RecordedCall.Parse(line.Bytes)).OfType<RecordedCall>().Where(c => c is { Allowed: true, Role: not null } && c.Time >= since))
        {
            rules.Add((call.Role!, call.Rule ?? ""));
            if (!grants.TryGetValue(call.Role!, out var seen))
            {
                grants[call.Role!] = seen = new SeenGrants();
            }

            if (RequestReader.Read(call.Head) is { Refusal: null } request)
            {
                seen.Add(call, request);
            }
        }

        return [.. policy.Roles.Values.OrderBy(role => role.Name, StringComparer.Ordinal).SelectMany(role => Of(policy, role, rules, grants.GetValueOrDefault(role.Name) ?? new SeenGrants()))];
    }

    private static IEnumerable<Finding> Of(AccessPolicy policy, Role role, HashSet<(string Role, string Rule)> rules, SeenGrants seen)
    {
        foreach (var rule in role.Rules.Where(rule => rule.Effect == RuleEffect.Allow && !rules.Contains((role.Name, rule.Id))))
        {
            yield return Note(policy, role, "unused-rule", $"rules.{rule.Id}", $"nobody used rule {rule.Id}", "roles", role.Name, "rules", rule.Id);
        }

        var grants = role.Grants ?? new Grants();
        var unused = Missing("capabilities", grants.Capabilities, seen.Capabilities.Keys)
            .Concat(Missing("devices", grants.Devices.Select(d => d.Path), seen.Devices.Keys))
            .Concat(Missing("runtimes", grants.Runtimes, seen.Runtimes.Keys))
            .Concat(Missing("sysctls", grants.Sysctls, seen.Sysctls.Keys))
            .Concat(Missing("security-options", grants.SecurityOptions, seen.SecurityOptions.Keys))
            .Concat(Missing("host-namespaces", grants.HostNamespaces, seen.HostNamespaces.Keys))
            .Concat(Missing("networks", grants.Networks, seen.Networks.Keys))
            .Concat(grants.Binds.Where(bind => !seen.Binds.Keys.Any(used => Matches(bind.Source, used) || (bind.Inside && Matches(bind.Source + "/*", used)))).Select(bind => ("binds", bind.Source)))
            .Concat(Missing("images", grants.Images, seen.Images.Keys.Concat(seen.OwnImages.Keys)))
            .Concat(grants.Privileged && !seen.Privileged ? [("privileged", "true")] : [])
            .Concat(grants.Gpus != 0 && seen.Gpus == 0 ? [("gpus", "any")] : []);
        foreach (var (key, value) in unused)
        {
            yield return Note(policy, role, "unused-grant", $"grants.{key} {value}", $"nobody used grant {key} {value}", "roles", role.Name, "grants", key, value);
        }
    }

    private static IEnumerable<(string Key, string Value)> Missing(string key, IEnumerable<string> granted, IEnumerable<string> used)
    {
        var all = used.ToList();
        return granted.Where(value => !all.Exists(u => Matches(value, u))).Select(value => (key, value));
    }

    private static bool Matches(string granted, string used) => Glob.Matches(granted.Replace(UserVariable.Text, "*", StringComparison.Ordinal), used);

    private static Finding Note(AccessPolicy policy, Role role, string kind, string subject, string title, params string[] path) => new()
    {
        Kind = kind,
        Extent = Extent.Own,
        Weight = Weight.Note,
        Role = role.Name,
        Subject = subject,
        At = policy.Places.Of(path),
        Title = title,
        How = "The audit log shows no request in this time that needed it.",
        Fix = "take it away if it is not kept for rare work",
    };
}
