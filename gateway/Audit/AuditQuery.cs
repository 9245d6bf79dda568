using System.Globalization;
using System.Text.Json;
using Gateway.Objects;
using Gateway.Policy;

namespace Gateway.Audit;

/// <summary>Which records are asked for. What is null is not asked; texts are globs.</summary>
internal sealed record AuditQuery
{
    public string? User { get; init; }

    public string? Operation { get; init; }

    public string? Decision { get; init; }

    /// <summary>An object's id (or its beginning), name or owner's word for it.</summary>
    public string? Object { get; init; }

    public string? Field { get; init; }

    public string? Role { get; init; }

    public string? Rule { get; init; }

    public string? Event { get; init; }

    public string? Id { get; init; }

    public DateTimeOffset? Since { get; init; }

    public DateTimeOffset? Until { get; init; }

    public bool Matches(JsonElement record) =>
        Is(User, record, "user") && Is(Operation, record, "operation") && Is(Decision, record, "decision") && Is(Role, record, "role") && Is(Rule, record, "rule")
        && Is(Event, record, "event") && Is(Id, record, "id") && InTime(record) && Names(record)
        && (Field is null || Json.Strings(record, "fields").Any(field => Glob.Matches(Field, field)));

    /// <summary>A time of day as ISO 8601, a date, or how long ago: <c>2026-11-24T10:00:00Z</c>, <c>2026-11-24</c>, <c>90m</c>, <c>2h</c>, <c>7d</c>.</summary>
    /// <exception cref="FormatException">It is none of these.</exception>
    public static DateTimeOffset ParseTime(string text, DateTimeOffset now)
    {
        if (text.Length > 1 && double.TryParse(text.AsSpan(0, text.Length - 1), NumberStyles.None, CultureInfo.InvariantCulture, out var count) && count < 100_000)
        {
            switch (text[^1])
            {
                case 's':
                    return now.AddSeconds(-count);
                case 'm':
                    return now.AddMinutes(-count);
                case 'h':
                    return now.AddHours(-count);
                case 'd':
                    return now.AddDays(-count);
                default:
                    break;
            }
        }

        return DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time)
            ? time
            : throw new FormatException($"\"{text}\" is not a time: write 2026-11-24T10:00:00Z, 2026-11-24, or how long ago, as in 90m, 2h or 7d");
    }

    private static bool Is(string? wanted, JsonElement record, string name) => wanted is null || (Json.String(record, name) is { } value && Glob.Matches(wanted, value));

    private bool Names(JsonElement record)
    {
        if (Object is null)
        {
            return true;
        }

        var resource = Json.Member(record, "resource");
        return Json.String(resource, "id")?.StartsWith(Object, StringComparison.Ordinal) == true
            || (Json.String(resource, "name") is { } name && Glob.Matches(Object, name))
            || Json.Items(Json.Member(Json.Member(record, "input"), "objects")).Any(o => Json.String(o, "id")?.StartsWith(Object, StringComparison.Ordinal) == true || (Json.String(o, "ref") is { } written && Glob.Matches(Object, written)));
    }

    private bool InTime(JsonElement record) =>
        (Since is null && Until is null)
        || (DateTimeOffset.TryParse(Json.String(record, "time"), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time) && (Since is null || time >= Since) && (Until is null || time <= Until));
}
