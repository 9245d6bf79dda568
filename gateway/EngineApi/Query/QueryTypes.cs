using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using Gateway.EngineApi.Documents;

namespace Gateway.EngineApi.Query;

/// <summary>
/// The types that a query parameter can have, each with the engine's own reading of it (moby <c>daemon/server/httputils/form.go</c>;
/// threats §2.3). What is forwarded is the value as it was understood, never the caller's spelling of it.
/// </summary>
internal static partial class QueryTypes
{
    private const int MaxText = 4096;
    private static readonly string[] GoTrue = ["1", "t", "T", "TRUE", "true", "True"];
    private static readonly string[] GoFalse = ["0", "f", "F", "FALSE", "false", "False"];

    /// <summary>A flag of moby's BoolValue: five words are false, everything else is true. An empty one stays, as false: its presence counts.</summary>
    public static QueryParameter Flag(string name) => new(name, (_, value, _) => IsFalse(value) ? "0" : "1");

    /// <summary>A flag for which the engine takes an empty value as not given.</summary>
    public static QueryParameter FlagUnlessEmpty(string name) => new(name, (_, value, _) => value.Length == 0 ? null : IsFalse(value) ? "0" : "1");

    /// <summary>A flag of Go's strconv.ParseBool: six words each, anything else is an error; empty is not given.</summary>
    public static QueryParameter GoFlag(string name) => new(name, (n, value, _) =>
        value.Length == 0 ? null : GoTrue.Contains(value) ? "1" : GoFalse.Contains(value) ? "0" : throw Refuse(n, "not true or false"));

    /// <summary>A whole number in plain digits; empty is not given.</summary>
    public static QueryParameter Number(string name, long min, long max) => new(name, (n, value, _) =>
        value.Length == 0 ? null
        : long.TryParse(value, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) && number.ToString(CultureInfo.InvariantCulture) == value && number >= min && number <= max ? value
        : throw Refuse(n, $"not a number from {min} to {max} in plain digits"));

    /// <summary>The version of a swarm object, an unsigned 64-bit number.</summary>
    public static QueryParameter ObjectVersion(string name) => new(name, (n, value, _) =>
        ulong.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number.ToString(CultureInfo.InvariantCulture) == value ? value
        : throw Refuse(n, "not a version in plain digits"));

    /// <summary>One of these words, exactly; empty is not given.</summary>
    public static QueryParameter Word(string name, params string[] words) => new(name, (n, value, _) =>
        value.Length == 0 ? null : words.Contains(value) ? value : throw Refuse(n, $"none of {string.Join(", ", words)}"));

    /// <summary>Text on one line, without controls.</summary>
    public static QueryParameter Text(string name, int max = MaxText) => new(name, (n, value, _) =>
        value.Length > max ? throw Refuse(n, $"longer than {max} characters")
        : value.Any(char.IsControl) ? throw Refuse(n, "one that holds a control character")
        : value);

    /// <summary>Text that may have several lines: a comment, a Dockerfile instruction.</summary>
    public static QueryParameter Lines(string name) => new(name, (n, value, _) =>
        value.Length > MaxText ? throw Refuse(n, $"longer than {MaxText} characters")
        : value.Any(c => char.IsControl(c) && c is not ('\n' or '\r' or '\t')) ? throw Refuse(n, "one that holds a control character")
        : value);

    /// <summary>An object's name, with or without the slash that old clients put before it.</summary>
    public static QueryParameter Name(string name) => new(name, (n, value, _) =>
        value.Length == 0 || ObjectName.IsValid(value.StartsWith('/') ? value[1..] : value) ? value : throw Refuse(n, "no name that the engine gives to an object"));

    /// <summary>A signal by name or number.</summary>
    public static QueryParameter Signal(string name) => new(name, (n, value, _) => SignalText().IsMatch(value) ? value : throw Refuse(n, "not a signal"));

    /// <summary>Seconds since the epoch, with a fraction or without (moby <c>daemon/internal/timestamp</c>); empty is not given.</summary>
    public static QueryParameter Timestamp(string name) => new(name, (n, value, _) =>
        value.Length == 0 ? null : TimestampText().IsMatch(value) ? value : throw Refuse(n, "not seconds since 1970 with an optional fraction"));

    /// <summary>How many lines of a log: a number or <c>all</c>.</summary>
    public static QueryParameter Tail(string name) => new(name, (n, value, _) =>
        value.Length == 0 ? null : value == "all" || TailText().IsMatch(value) ? value : throw Refuse(n, "not a number of lines or all"));

    /// <summary>A platform as <c>linux/arm64/v8</c>, or several for BuildKit; empty is not given.</summary>
    public static QueryParameter Platform(string name) => new(name, (n, value, _) =>
        value.Length == 0 ? null : PlatformText().IsMatch(value) ? value : throw Refuse(n, "not a platform such as linux/arm64"));

    /// <summary>A platform as the OCI image-spec's JSON; empty is not given.</summary>
    public static QueryParameter PlatformJson(string name) => Json<PlatformDocument>(name);

    /// <summary>The list filters, in both of the engine's formats; without any, the parameter says nothing.</summary>
    public static QueryParameter Filters() => new("filters", (_, value, operation) => EngineFilters.Parse(value, operation) is { IsEmpty: false } filters ? filters.ToJson() : null);

    /// <summary>A JSON document; empty and <c>null</c> are not given.</summary>
    public static QueryParameter Json<T>(string name)
        where T : class => new(name, (n, value, _) =>
            value is "" or "null" ? null : Encoding.UTF8.GetString(EngineBody.Write(EngineBody.Read<T>(Encoding.UTF8.GetBytes(value), $"query parameter \"{n}\""))));

    /// <summary>moby's BoolValue: Go's ToLower and TrimSpace, so that no other letter becomes one of these.</summary>
    private static bool IsFalse(string value) => value.Trim().ToLowerInvariant() is "" or "0" or "no" or "false" or "none";

    private static RequestRefusedException Refuse(string name, string problem) => new(400, $"the value of query parameter \"{name}\" is {problem}", name);

    [GeneratedRegex(@"\A[A-Za-z0-9+-]{0,32}\z", RegexOptions.CultureInvariant)]
    private static partial Regex SignalText();

    [GeneratedRegex(@"\A-?[0-9]{1,18}(\.[0-9]{0,20})?\z", RegexOptions.CultureInvariant)]
    private static partial Regex TimestampText();

    [GeneratedRegex(@"\A-?[0-9]{1,18}\z", RegexOptions.CultureInvariant)]
    private static partial Regex TailText();

    [GeneratedRegex(@"\A[A-Za-z0-9_.()/,-]{1,512}\z", RegexOptions.CultureInvariant)]
    private static partial Regex PlatformText();
}
