using System.Text.Json.Nodes;
using Gateway.EngineApi;
using Gateway.Policy.Checks;
using Gateway.Tests.Policy.Checks.Support;
using Xunit;

namespace Gateway.Tests.Policy.Checks;

/// <summary>No field stands in a check's list for nothing: some request is refused for it, and is allowed once it does not say it.</summary>
public sealed class EachFieldTests
{
    // Left out of what is forwarded, or written into it; or looked at beside another field, which the refusal is about.
    private static readonly (string Operation, string Field)[] NeverRefused =
    [
        ("ContainerExec", "Container"), ("ImageCommit", "Image"), ("ImageBuild", "?buildid"), ("ImageBuild", "?rm"), ("ImageBuild", "?forcerm"), ("NetworkCreate", "CheckDuplicate"), ("ContainerCreate", "HostConfig.CapDrop"),
        ("ContainerCreate", "HostConfig.ContainerIDFile"), ("NetworkCreate", "Attachable"),
        ("PutContainerArchive", "?path"), ("ContainerCreate", "HostConfig.Mounts.ReadOnly"), ("ContainerCreate", "?name"),
        ("ContainerCreate", "HostConfig.Mounts.BindOptions.NonRecursive"), ("ContainerCreate", "HostConfig.Mounts.BindOptions.ReadOnlyForceRecursive"),
    ];

    public static TheoryData<string, string> All
    {
        get
        {
            var pairs = new TheoryData<string, string>();
            foreach (var checks in CheckCatalogue.All.Where(checks => checks.Operation.Name != "NetworkListSlash"))
            {
                foreach (var check in checks.Checks)
                {
                    pairs.Add(checks.Operation.Name, check.Id);
                }
            }

            return pairs;
        }
    }

    [Theory]
    [MemberData(nameof(All))]
    public void IsAloneToBlameForSomeRefusal(string operation, string id)
    {
        var checks = CheckCatalogue.For(OperationCatalogue.Get(operation))!;
        var cases = DeniedCases.All.Where(tried => tried.Operation == operation && tried.Check == id).ToList();
        var idle = checks.Checks.Single(check => check.Id == id).Reads.Where(field => !NeverRefused.Contains((operation, field)) && !cases.Exists(tried => IsToBlame(field, tried)));
        Assert.True(!idle.Any(), $"{operation} {id}: " + string.Join(", ", idle));
    }

    /// <summary>
    /// The case is one change to a minimal request, and this is it; or the refusal names it, or all that it is a part of; or without it
    /// the request is allowed. <c>A.*</c> stands for all of A.
    /// </summary>
    private static bool IsToBlame(string path, CheckCase tried)
    {
        var field = path.EndsWith(".*", StringComparison.Ordinal) ? path[..^2] : path;
        return tried.Path == field
            || tried.Field == field.TrimStart('?')
            || (tried.Path is null && tried.Value.StartsWith(field.TrimStart('?') + "=", StringComparison.Ordinal) && !tried.Value.Contains('&', StringComparison.Ordinal))
            || (Without(field, tried) is { } rest && ((tried.Field is { Length: > 0 } parent && field.StartsWith(parent + ".", StringComparison.Ordinal)) || CheckRun.Of(rest).Decision.Allowed));
    }

    /// <summary>The case without the field; null where it does not say it.</summary>
    private static CheckCase? Without(string field, CheckCase tried)
    {
        if (field.StartsWith('?'))
        {
            var parts = tried.Path is null ? tried.Value.Split('&') : [];
            var rest = parts.Where(part => part.Split('=')[0] != field[1..]).ToList();
            return rest.Count == parts.Length ? null : tried with { Value = string.Join('&', rest) };
        }

        if (tried.Path is null)
        {
            return null;
        }

        var body = JsonNode.Parse(CheckRun.Decide(tried).Asked.Body.Span)!;
        return Remove(body, field.Split('.')) ? tried with { Path = "", Value = body.ToJsonString() } : null;
    }

    private static bool Remove(JsonNode? node, ReadOnlySpan<string> path)
    {
        switch (node)
        {
            case JsonObject found when path.Length == 1 && found.ContainsKey(path[0]):
                return found.Remove(path[0]);
            case JsonObject found when found.ContainsKey(path[0]):
                return Remove(found[path[0]], path[1..]);
            case JsonObject map:
                var removed = false;
                foreach (var (_, entry) in map)
                {
                    removed |= entry is JsonObject or JsonArray && Remove(entry, path);
                }

                return removed;
            case JsonArray list:
                var any = false;
                foreach (var entry in list)
                {
                    any |= Remove(entry, path);
                }

                return any;
            default:
                return false;
        }
    }
}
