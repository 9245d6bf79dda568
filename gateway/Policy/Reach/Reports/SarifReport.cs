using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Gateway.Policy.Files;

namespace Gateway.Policy.Reach.Reports;

using static ReportWords;

/// <summary>
/// The report as SARIF 2.1.0 (OASIS). A finding's fingerprint is made of what it is about, not of where it stands, so that
/// moving roles or files about does not make it a new one.
/// </summary>
internal static class SarifReport
{
    private const string Schema = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json";

    public static void Write(AuditReport report, Stream output)
    {
        var kinds = report.Findings.GroupBy(f => f.Kind, StringComparer.Ordinal).OrderBy(g => g.Key, StringComparer.Ordinal).ToList();
        using var json = new Utf8JsonWriter(output, new JsonWriterOptions { Indented = true });
        json.WriteStartObject();
        json.WriteString("$schema", Schema);
        json.WriteString("version", "2.1.0");
        json.WriteStartArray("runs");
        json.WriteStartObject();
        json.WriteStartObject("tool");
        json.WriteStartObject("driver");
        json.WriteString("name", "gateway policy audit");
        json.WriteString("version", typeof(SarifReport).Assembly.GetName().Version?.ToString(3) ?? "0.0.0");
        json.WriteStartArray("rules");
        foreach (var kind in kinds)
        {
            json.WriteStartObject();
            json.WriteString("id", kind.Key);
            Text(json, "shortDescription", kind.Key.Replace('-', ' '));
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteEndObject();
        json.WriteEndObject();
        json.WriteString("columnKind", "utf16CodeUnits");
        json.WriteStartArray("results");
        foreach (var finding in report.Findings)
        {
            Result(json, finding, kinds.FindIndex(k => k.Key == finding.Kind), report.Folder);
        }

        json.WriteEndArray();
        json.WriteEndObject();
        json.WriteEndArray();
        json.WriteEndObject();
        json.Flush();
        output.WriteByte((byte)'\n');
    }

    /// <summary>The same for the same finding, wherever its role stands.</summary>
    public static string Fingerprint(Finding finding) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(string.Join('\0', finding.Kind, finding.Role, finding.User, finding.Subject))));

    private static void Result(Utf8JsonWriter json, Finding finding, int rule, string folder)
    {
        json.WriteStartObject();
        json.WriteString("ruleId", finding.Kind);
        json.WriteNumber("ruleIndex", rule);
        json.WriteString("level", Of(finding.Weight));
        var who = finding.Role is { } role ? $"role {role}: " : "";
        Text(json, "message", $"{who}{finding.Title}. {finding.How}{(finding.Needs is { } needs ? $" Needs: {needs}." : "")} Fix: {finding.Fix}.");
        json.WriteStartArray("locations");
        json.WriteStartObject();
        var at = finding.At ?? SourcePosition.Whole(folder);
        json.WriteStartObject("physicalLocation");
        json.WriteStartObject("artifactLocation");
        json.WriteString("uri", Uri(at.File));
        json.WriteEndObject();
        if (at.Line > 0)
        {
            json.WriteStartObject("region");
            json.WriteNumber("startLine", at.Line);
            json.WriteNumber("startColumn", at.Column);
            json.WriteEndObject();
        }

        json.WriteEndObject();
        if (finding.Role is not null)
        {
            json.WriteStartArray("logicalLocations");
            json.WriteStartObject();
            json.WriteString("name", finding.Role);
            json.WriteString("fullyQualifiedName", $"roles.{finding.Role}");
            json.WriteEndObject();
            json.WriteEndArray();
        }

        json.WriteEndObject();
        json.WriteEndArray();
        json.WriteStartObject("partialFingerprints");
        json.WriteString("gatewayFinding/v1", Fingerprint(finding));
        json.WriteEndObject();
        if (finding is { Accepted: true, Extent: Extent.Root })
        {
            json.WriteStartArray("suppressions");
            json.WriteStartObject();
            json.WriteString("kind", "inSource");
            json.WriteString("justification", Accepted(finding));
            json.WriteEndObject();
            json.WriteEndArray();
        }

        json.WriteStartObject("properties");
        json.WriteString("reaches", Of(finding.Extent));
        json.WriteString("subject", finding.Subject);
        json.WriteEndObject();
        json.WriteEndObject();
    }

    private static string Uri(string file) => file.StartsWith('/') ? new Uri("file://" + string.Join('/', file.Split('/').Select(System.Uri.EscapeDataString))).AbsoluteUri : string.Join('/', file.Split('/').Select(System.Uri.EscapeDataString));

    private static void Text(Utf8JsonWriter json, string name, string text)
    {
        json.WriteStartObject(name);
        json.WriteString("text", text);
        json.WriteEndObject();
    }
}
