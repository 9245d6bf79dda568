using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text.RegularExpressions;
using Gateway.Policy.Files.Values;
using Gateway.Policy.Files.Yaml;

namespace Gateway.Policy.Files.Cases;

/// <summary>The cases of one <c>*.test.yaml</c>, or everything that is wrong with the file.</summary>
internal sealed record PolicyTestFileResult(IReadOnlyList<PolicyTestCase> Cases, IReadOnlyList<PolicyError> Errors);

/// <summary>Reads <c>*.test.yaml</c>: policy cases, kept beside the policies they are about, which the loader of policies leaves out.</summary>
internal sealed partial class PolicyTestFile
{
    private static readonly string[] Keys =
        ["name", "user", "roles", "request", "headers", "body", "owner", "expect", "rule", "status", "field"];

    private readonly Findings _findings = new();
    private readonly List<PolicyTestCase> _cases = [];
    private readonly Dictionary<string, SourcePosition> _places = new(StringComparer.Ordinal);

    private PolicyTestFile()
    {
    }

    public static PolicyTestFileResult Load(string path)
    {
        var file = new PolicyTestFile();
        if (YamlFile.Read(path, file._findings) is { } document) file.ReadDocument(document);
        return new PolicyTestFileResult(file._cases, file._findings.Errors);
    }

    private static TextParser<bool> Expectation { get; } = Words.OneOf(("allow", true), ("deny", false));

    private static TextParser<CaseOwner> Owner { get; } =
        Words.OneOf(("mine", CaseOwner.Mine), ("other", CaseOwner.Other), ("absent", CaseOwner.Absent));

    private void ReadDocument(YamlNode document)
    {
        if (MapReader.Of(document, _findings, "user", "roles", "cases") is not { } map) return;
        map.Require("cases", "cases: [{name: …, request: …, expect: …}]");
        var user = map.Value<string>("user", PolicyName.TryParseUser);
        var roles = ReadRoles(map);
        foreach (var item in map.Items("cases"))
        {
            var before = _findings.ErrorCount;
            var read = ReadCase(item, user, roles);
            if (read is not null && _findings.ErrorCount == before) _cases.Add(read);
        }
    }

    private PolicyTestCase? ReadCase(YamlNode item, string? fileUser, IReadOnlyList<string>? fileRoles)
    {
        if (MapReader.Of(item, _findings, Keys) is not { } map) return null;
        map.Require("name", "name: TEXT");
        map.Require("request", "request: METHOD TARGET");
        map.Require("expect", "expect: allow or expect: deny");
        var name = map.Text("name") ?? "";
        if (map.Has("name") && !_places.TryAdd(name, map.At)) _findings.Error(map.Node("name")!.At, $"case {Quoted.Text(name)} already stands at {_places[name]}");
        var user = map.Has("user") ? map.Value<string>("user", PolicyName.TryParseUser) : fileUser;
        if (user is null && !map.Has("user")) _findings.Error(map.At, "missing key \"user\"; write user: NAME in the case or at the top of the file");

        // A case's own user is not the made-up one of the file.
        var roles = map.Has("roles") ? ReadRoles(map) : map.Has("user") ? null : fileRoles;
        var (method, target) = map.Value<(string Method, string Target)>("request", TryParseRequest);
        var allow = map.Value("expect", Expectation);
        if (allow && (map.Has("status") || map.Has("field"))) _findings.Error(map.KeyAt(map.Has("status") ? "status" : "field"), "only a denial has a status and a field");
        return new PolicyTestCase(
            map.At,
            name,
            user ?? "",
            roles,
            method ?? "",
            target ?? "",
            ReadHeaders(map),
            map.Node("body") is { } body ? ReadBody(body) : null,
            map.Value("owner", Owner),
            allow,
            map.Value<string>("rule", PolicyName.TryParse),
            map.Has("status") ? map.Value<int>("status", TryParseStatus) : null,
            map.Text("field"));
    }

    private static IReadOnlyList<string>? ReadRoles(MapReader map) =>
        map.Has("roles") ? map.List<string>("roles", PolicyName.TryParse) : null;

    private Dictionary<string, string> ReadHeaders(MapReader map)
    {
        var headers = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        foreach (var (key, value) in MapReader.Entries(map.Node("headers"), _findings))
        {
            if (value is not YamlText text) _findings.Error(value.At, $"expected text, not {value.Kind}");
            else if (!headers.TryAdd(key.Value, text.Value)) _findings.Error(key.At, $"header {Quoted.Text(key.Value)} stands twice");
        }

        return headers;
    }

    private static string ReadBody(YamlNode body) => body is YamlText text ? text.Value : YamlJson.Write(body);

    private static bool TryParseRequest(string text, out (string Method, string Target) value, [NotNullWhen(false)] out string? problem)
    {
        var match = RequestLine().Match(text);
        value = (match.Groups["method"].Value, match.Groups["target"].Value);
        problem = match.Success ? null : $"{Quoted.Text(text)} is not a request: write METHOD and the target, as in GET /containers/json";
        return match.Success;
    }

    private static bool TryParseStatus(string text, out int value, [NotNullWhen(false)] out string? problem)
    {
        var valid = int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out value) && value is >= 400 and <= 599;
        problem = valid ? null : $"{Quoted.Text(text)} is not the status of a denial: 400 to 599";
        return valid;
    }

    [GeneratedRegex(@"^(?<method>[A-Z]+) (?<target>[^ ]+)\z", RegexOptions.CultureInvariant)]
    private static partial Regex RequestLine();
}
