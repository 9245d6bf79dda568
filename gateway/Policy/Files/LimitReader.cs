using Gateway.Policy.Files.Values;

namespace Gateway.Policy.Files;

/// <summary>Reads <c>{default: …, max: …}</c>, as roles and the gateway's own file write limits.</summary>
internal static class LimitReader
{
    public static Limit? Read(MapReader section, string key, TextParser<long> parser, Findings findings)
    {
        if (section.Map(key, "default", "max") is not { } map) return null;
        var complete = map.Require("default", $"{key}: {{default: …, max: …}}") & map.Require("max", $"{key}: {{default: …, max: …}}");
        var limit = new Limit(map.Value("default", parser), map.Value("max", parser));

        // Zero is a value that had an error of its own.
        if (!complete || limit.Default == 0 || limit.Max == 0) return null;
        if (limit.Default <= limit.Max) return limit;
        findings.Error(map.Node("default")!.At, $"the default of {key} is more than its max");
        return null;
    }
}
