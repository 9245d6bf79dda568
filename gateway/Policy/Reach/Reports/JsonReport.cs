using System.Text.Json;

namespace Gateway.Policy.Reach.Reports;

using static ReportWords;

/// <summary>The report for programs.</summary>
internal static class JsonReport
{
    public static void Write(AuditReport report, Stream output)
    {
        using var json = new Utf8JsonWriter(output, new JsonWriterOptions { Indented = true });
        json.WriteStartObject();
        json.WriteNumber("version", 1);
        json.WriteString("folder", report.Folder);
        json.WriteBoolean("host_was_asked", report.HostWasAsked);
        json.WriteNumber("errors", report.Errors);
        json.WriteNumber("warnings", report.Warnings);
        json.WriteStartArray("users");
        foreach (var user in report.Users)
        {
            json.WriteStartObject();
            json.WriteString("name", user.Name);
            json.WriteString("at", user.At?.ToString());
            json.WriteString("reaches", Word(user.Extent));
            Strings(json, "roles", user.Roles);
            json.WriteString("certificate", user.Certificate.Length == 0 ? null : user.Certificate);
            Strings(json, "operations", user.Operations);
            Strings(json, "grants", user.Grants);
            Strings(json, "ways", user.Ways.Select(way => $"{way.Role}: {way.Title}"));
            json.WriteEndObject();
        }

        json.WriteEndArray();
        Roles(json, report);
        json.WriteStartArray("findings");
        foreach (var finding in report.Findings)
        {
            Write(json, finding);
        }

        json.WriteEndArray();
        json.WriteEndObject();
        json.Flush();
        output.WriteByte((byte)'\n');
    }

    private static void Roles(Utf8JsonWriter json, AuditReport report)
    {
        json.WriteStartArray("roles");
        foreach (var role in report.Roles)
        {
            json.WriteStartObject();
            json.WriteString("name", role.Role.Name);
            json.WriteString("about", role.Role.About);
            json.WriteString("at", role.At?.ToString());
            json.WriteString("reaches", Word(role.Extent));
            json.WriteBoolean("root_equivalent", role.ReachesRoot);
            json.WriteBoolean("says_root_equivalent", role.Role.RootEquivalent);
            Strings(json, "users", role.Users);
            Strings(json, "operations", role.Operations);
            json.WriteStartArray("pod_security");
            foreach (var control in role.PodSecurity)
            {
                json.WriteStartObject();
                json.WriteString("control", control.Name);
                json.WriteString("field", control.Field);
                Kept(json, "baseline", control.Baseline);
                Kept(json, "restricted", control.Restricted);
                json.WriteString("why", control.Why);
                json.WriteEndObject();
            }

            json.WriteEndArray();
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static void Write(Utf8JsonWriter json, Finding finding)
    {
        json.WriteStartObject();
        json.WriteString("kind", finding.Kind);
        json.WriteString("level", Of(finding.Weight));
        json.WriteString("reaches", Word(finding.Extent));
        json.WriteString("role", finding.Role);
        json.WriteString("user", finding.User);
        json.WriteString("subject", finding.Subject);
        json.WriteString("at", finding.At?.ToString());
        json.WriteString("title", finding.Title);
        json.WriteString("how", finding.How);
        json.WriteString("needs", finding.Needs);
        json.WriteString("fix", finding.Fix);
        json.WriteBoolean("accepted", finding.Accepted);
        json.WriteEndObject();
    }

    private static string Word(Extent extent) => extent switch { Extent.Root => "root", Extent.Host => "host", Extent.Others => "others", _ => "own" };

    private static void Kept(Utf8JsonWriter json, string name, bool? kept)
    {
        if (kept is { } value)
        {
            json.WriteBoolean(name, value);
        }
        else
        {
            json.WriteNull(name);
        }
    }

    private static void Strings(Utf8JsonWriter json, string name, IEnumerable<string> values)
    {
        json.WriteStartArray(name);
        foreach (var value in values)
        {
            json.WriteStringValue(value);
        }

        json.WriteEndArray();
    }
}
