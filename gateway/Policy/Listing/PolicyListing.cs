using System.Text;
using System.Text.Json;
using Gateway.Policy.Ask;

namespace Gateway.Policy.Listing;

/// <summary>What a policy defines, as tables or JSON.</summary>
internal static class PolicyListing
{
    private static readonly JsonWriterOptions Indented = new() { Indented = true, Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static string Table(AccessPolicy policy)
    {
        var text = new StringBuilder();
        Append(text, "ROLE", "RULES", "ROOT-EQUIVALENT", "ABOUT", policy.Roles.Values.OrderBy(role => role.Name, StringComparer.Ordinal)
            .Select(role => new[] { role.Name, $"{role.Rules.Count}", role.RootEquivalent ? "yes" : "", role.About ?? "" }));
        Append(text, "ROLE", "RULE", "ON", "OPERATIONS", policy.Roles.Values.OrderBy(role => role.Name, StringComparer.Ordinal)
            .SelectMany(role => role.Rules.Select(rule => new[] { role.Name, rule.Id, Selectors.Text(rule.On), $"{(rule.Effect == RuleEffect.Deny ? "deny" : "allow")} {OperationNames.Short(rule.Operations)}" })));
        Append(text, "ROLE", "GRANT", "VALUES", "", policy.Roles.Values.OrderBy(role => role.Name, StringComparer.Ordinal)
            .SelectMany(role => (role.Grants is null ? [("", ["not limited by any"])] : GrantValues.Of(role.Grants)).Concat(GrantValues.BoundsOf(role))
                .Select(grant => new[] { role.Name, grant.Key, string.Join(", ", grant.Values), "" })));
        Append(text, "USER", "ROLES", "GROUPS", "KEY OR ACCOUNT", policy.Users.Values.OrderBy(user => user.Name, StringComparer.Ordinal)
            .Select(user => new[] { user.Name, string.Join(", ", user.Roles), string.Join(", ", policy.Groups.Values.Where(group => group.Members.Contains(user.Name)).Select(group => group.Name)), string.Join(", ", ((string?[])[user.Spki, user.Unix is null ? null : "unix:" + user.Unix]).OfType<string>()) }));
        Append(text, "GROUP", "ROLES", "MEMBERS", "ORGANIZATION OR LOCAL GROUP", policy.Groups.Values.OrderBy(group => group.Name, StringComparer.Ordinal)
            .Select(group => new[] { group.Name, string.Join(", ", group.Roles), string.Join(", ", group.Members), string.Join(", ", ((string?[])[group.Organization, group.UnixGroup is null ? null : "unix:" + group.UnixGroup]).OfType<string>()) }));
        return text.ToString();
    }

    public static string Json(AccessPolicy policy)
    {
        using var stream = new MemoryStream();
        using (var json = new Utf8JsonWriter(stream, Indented))
        {
            json.WriteStartObject();
            json.WriteStartObject("roles");
            foreach (var role in policy.Roles.Values.OrderBy(role => role.Name, StringComparer.Ordinal))
            {
                Write(json, role);
            }

            json.WriteEndObject();
            json.WriteStartObject("users");
            foreach (var user in policy.Users.Values.OrderBy(user => user.Name, StringComparer.Ordinal))
            {
                json.WriteStartObject(user.Name);
                Names(json, "roles", user.Roles);
                Names(json, "groups", policy.Groups.Values.Where(group => group.Members.Contains(user.Name)).Select(group => group.Name));
                if (user.Spki is not null) json.WriteString("spki", user.Spki);
                if (user.Unix is not null) json.WriteString("unix", user.Unix);
                json.WriteEndObject();
            }

            json.WriteEndObject();
            json.WriteStartObject("groups");
            foreach (var group in policy.Groups.Values.OrderBy(group => group.Name, StringComparer.Ordinal))
            {
                json.WriteStartObject(group.Name);
                Names(json, "roles", group.Roles);
                Names(json, "members", group.Members);
                if (group.Organization is not null) json.WriteString("organization", group.Organization);
                if (group.UnixGroup is not null) json.WriteString("unix-group", group.UnixGroup);
                json.WriteEndObject();
            }

            json.WriteEndObject();
            json.WriteEndObject();
        }

        return Encoding.UTF8.GetString(stream.ToArray()) + "\n";
    }

    private static void Write(Utf8JsonWriter json, Role role)
    {
        json.WriteStartObject(role.Name);
        if (role.About is not null) json.WriteString("about", role.About);
        json.WriteBoolean("rootEquivalent", role.RootEquivalent);
        json.WriteStartArray("rules");
        foreach (var rule in role.Rules)
        {
            json.WriteStartObject();
            json.WriteString("id", rule.Id);
            json.WriteString("effect", rule.Effect == RuleEffect.Deny ? "deny" : "allow");
            json.WriteString("on", Selectors.Text(rule.On));
            if (rule.Reason is not null) json.WriteString("reason", rule.Reason);
            Names(json, "operations", rule.Operations.Select(operation => operation.Name).Order(StringComparer.Ordinal));
            json.WriteEndObject();
        }

        json.WriteEndArray();
        if (role.Grants is null)
        {
            json.WriteNull("grants");
        }
        else
        {
            json.WriteStartObject("grants");
            foreach (var (key, values) in GrantValues.Of(role.Grants))
            {
                Names(json, key, values);
            }

            json.WriteEndObject();
        }

        foreach (var (key, values) in GrantValues.BoundsOf(role))
        {
            Names(json, key, values);
        }

        json.WriteEndObject();
    }

    private static void Names(Utf8JsonWriter json, string name, IEnumerable<string> values)
    {
        json.WriteStartArray(name);
        foreach (var value in values)
        {
            json.WriteStringValue(value);
        }

        json.WriteEndArray();
    }

    private static void Append(StringBuilder text, string first, string second, string third, string fourth, IEnumerable<string[]> rows)
    {
        List<string[]> all = [[first, second, third, fourth], .. rows];
        if (all.Count == 1)
        {
            return;
        }

        var widths = Enumerable.Range(0, 4).Select(i => all.Max(row => row[i].Length)).ToArray();
        foreach (var row in all)
        {
            text.Append(string.Join("  ", row.Select((cell, i) => cell.PadRight(widths[i]))).TrimEnd()).Append('\n');
        }

        text.Append('\n');
    }
}
