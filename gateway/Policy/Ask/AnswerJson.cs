using System.Text.Json;
using System.Text.Json.Nodes;
using Gateway.Offline;

namespace Gateway.Policy.Ask;

/// <summary>The same answers for programs: one JSON object, names in snake case as in audit records.</summary>
internal static class AnswerJson
{
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true, Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static string Text(JsonNode node) => node.ToJsonString(Indented);

    public static JsonObject Of(OfflineCaller caller, OfflineRequest asked, OfflineAnswer answer)
    {
        var decision = answer.Decision;
        var written = new JsonObject
        {
            ["user"] = caller.User,
            ["operation"] = answer.Request.Operation?.Name,
            ["method"] = asked.Method,
            ["target"] = asked.Target,
            ["outcome"] = Word(answer.Outcome),
            ["role"] = decision.Role,
            ["rule"] = decision.Rule,
        };
        switch (answer.Outcome)
        {
            case Outcome.Allowed:
                written["rules"] = new JsonArray([.. AnswerText.Rules(answer).Select(by => new JsonObject { ["role"] = by.Role, ["rule"] = by.Rule })]);
                written["assumes"] = Strings(AnswerText.Assumed(answer));
                break;
            case Outcome.Undecided:
                written["depends_on"] = Strings(AnswerText.Conditions(answer));
                break;
            default:
                written["status"] = decision.Status;
                written["reason"] = decision.Reason.ToString();
                written["detail"] = decision.Detail;
                written["refusals"] = new JsonArray([.. (answer.Shown.Verdict.Context?.Refusals ?? []).Select(refusal => new JsonObject { ["fields"] = Strings(refusal.Fields), ["detail"] = refusal.Detail })]);
                written["smallest_change"] = Change(caller, asked, answer);
                break;
        }

        return written;
    }

    public static JsonArray Strings(IEnumerable<string> texts) => new([.. texts.Select(text => (JsonNode)text.Trim())]);

    public static string Word(Outcome outcome) => outcome switch { Outcome.Allowed => "allowed", Outcome.Denied => "denied", _ => "undecided" };

    private static JsonObject? Change(OfflineCaller caller, OfflineRequest asked, OfflineAnswer answer) => AnswerText.SmallestOf(caller, asked, answer) is { } change
        ? new JsonObject
        {
            ["role"] = change.Role.Name,
            ["yaml"] = change.NotGrantable.Count > 0 ? null : string.Join('\n', change.Yaml(answer.Request.Operation!)),
            ["not_grantable"] = Strings(change.NotGrantable.Select(refusal => refusal.Detail)),
        }
        : null;
}
