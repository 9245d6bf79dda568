using System.Text;
using System.Text.Json;
using Gateway.EngineApi;

namespace Gateway.Policy.Diff;

/// <summary>The report as text, JSON, or Markdown for a review.</summary>
internal static class DiffText
{
    private static readonly JsonWriterOptions Indented = new() { Indented = true, Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static string Plain(DiffReport report)
    {
        var text = new StringBuilder();
        foreach (var role in report.BecomeRoot)
        {
            text.Append($"role \"{role}\" becomes root-equivalent\n");
        }

        foreach (var way in report.Ways)
        {
            text.Append($"role \"{way.Role}\" has a new way to root on the host: {way.Title}{(way.At is { } at ? $" ({at})" : "")}\n");
        }

        foreach (var user in report.Identities)
        {
            text.Append($"{user} is now recognised by another key or account\n");
        }

        foreach (var (verb, sign, changes) in Sides(report))
        {
            foreach (var who in changes.GroupBy(change => change.Who))
            {
                text.Append($"{who.Key} {verb}:\n");
                foreach (var change in who)
                {
                    text.Append($"  {(change.Proven ? sign : "?")} {change.Text} (role {change.Role}{(change.Rule is null ? "" : $", rule {change.Rule}")}){(change.Proven ? "" : ": not decided")}\n");
                }
            }
        }

        return text.Append(Conclusion(report)).Append('\n').ToString();
    }

    public static string Markdown(DiffReport report)
    {
        var text = new StringBuilder("## Policy changes\n\n");
        text.Append(Conclusion(report)).Append("\n\n");
        foreach (var role in report.BecomeRoot)
        {
            text.Append($"- **Role `{role}` becomes root-equivalent.**\n");
        }

        foreach (var way in report.Ways)
        {
            text.Append($"- **Role {Cell(way.Role)} has a new way to root on the host:** {Cell(way.Title)}\n");
        }

        foreach (var user in report.Identities)
        {
            text.Append($"- **`{user}` is now recognised by another key or account.**\n");
        }

        foreach (var (verb, _, changes) in Sides(report).Where(side => side.Changes.Count > 0))
        {
            text.Append($"\n| who {verb} | what | role, rule |\n|---|---|---|\n");
            foreach (var change in changes)
            {
                text.Append($"| {Cell(change.Who)} | {Cell(change.Text)}{(change.Proven ? "" : " *(not decided)*")} | {Cell(change.Role)}{(change.Rule is null ? "" : ", " + Cell(change.Rule))} |\n");
            }
        }

        return text.ToString();
    }

    public static string Json(DiffReport report)
    {
        using var stream = new MemoryStream();
        using (var json = new Utf8JsonWriter(stream, Indented))
        {
            json.WriteStartObject();
            json.WriteBoolean("same", report.IsSame);
            json.WriteBoolean("noGain", report.NoGain);
            json.WriteBoolean("undecided", report.Undecided);
            json.WriteNumber("operations", OperationCatalogue.All.Count);
            json.WriteNumber("callers", report.Callers);
            Names(json, "becomeRootEquivalent", report.BecomeRoot);
            json.WriteStartArray("newWaysToRoot");
            foreach (var way in report.Ways)
            {
                json.WriteStartObject();
                json.WriteString("role", way.Role);
                json.WriteString("title", way.Title);
                json.WriteString("how", way.How);
                json.WriteString("at", way.At?.ToString());
                json.WriteEndObject();
            }

            json.WriteEndArray();
            Names(json, "identitiesChanged", report.Identities);
            foreach (var (verb, _, changes) in Sides(report))
            {
                json.WriteStartArray(verb);
                foreach (var change in changes)
                {
                    Write(json, change);
                }

                json.WriteEndArray();
            }

            json.WriteEndObject();
        }

        return Encoding.UTF8.GetString(stream.ToArray()) + "\n";
    }

    private static void Write(Utf8JsonWriter json, RightChange change)
    {
        json.WriteStartObject();
        json.WriteString("who", change.Who);
        json.WriteString("role", change.Role);
        if (change.Rule is not null)
        {
            json.WriteString("rule", change.Rule);
        }

        Names(json, "operations", [.. change.Operations.Select(operation => operation.Name)]);
        if (change.Grant is { } grant)
        {
            json.WriteString("grant", grant.Key);
            json.WriteString("value", grant.Text);
        }
        else
        {
            json.WriteString("on", change.On);
        }

        json.WriteBoolean("proven", change.Proven);
        json.WriteEndObject();
    }

    private static void Names(Utf8JsonWriter json, string name, IReadOnlyList<string> values)
    {
        json.WriteStartArray(name);
        foreach (var value in values)
        {
            json.WriteStringValue(value);
        }

        json.WriteEndArray();
    }

    private static (string Verb, string Sign, IReadOnlyList<RightChange> Changes)[] Sides(DiffReport report) =>
        [("gains", "+", report.Gains), ("loses", "-", report.Losses)];

    private static string Conclusion(DiffReport report)
    {
        var space = $"over {OperationCatalogue.All.Count} operations, every value that the grants name, and {report.Callers} {(report.Callers == 1 ? "caller" : "callers")}";
        return (report.IsSame, report.NoGain, report.Undecided) switch
        {
            (true, _, _) => $"same rights: proved {space}",
            (_, true, _) => $"no gain: proved {space}",
            (_, _, true) => "could not be decided where it says so",
            _ => "rights are gained",
        };
    }

    private static string Cell(string text) => "`" + text.Replace("|", "\\|", StringComparison.Ordinal).Replace("`", "'", StringComparison.Ordinal) + "`";
}
