using System.Text.Json;
using System.Text.Json.Nodes;
using Gateway.EngineApi;
using Gateway.Objects;
using Gateway.Policy;

namespace Gateway.Offline;

/// <summary>
/// Every kind of object that a name may stand for, as far as decisions can tell them apart: whose it is, and for each selector
/// of the caller's rules one that it matches and one that it does not.
/// </summary>
internal static class PossibleObjects
{
    public const string Stranger = "-other";
    private static readonly string[] BuiltInNetworks = ["bridge", "none", "host"];

    public static IReadOnlyList<EngineObject?> Of(ObjectReference reference, OfflineCaller caller, EngineRequest request, AssumedOwner owner)
    {
        if (owner == AssumedOwner.Absent)
        {
            return [null];
        }

        if (owner != AssumedOwner.Unknown)
        {
            return [Build(reference, reference.Name, Owner(reference, caller, owner), [], null, Names(reference))];
        }

        if (IsBuiltIn(reference))
        {
            return [Build(reference, reference.Name, null, [], null, [])];
        }

        var rules = caller.Roles.SelectMany(role => role.Rules).Where(rule => rule.Operations.Contains(request.Operation!)).ToList();
        var found =
            from whose in reference.Kind == ObjectKind.Image ? (string?[])[null, caller.User + Stranger, caller.User] : [caller.User, caller.User + Stranger, null]
            from name in PossibleNames(reference, caller, rules)
            from labels in reference.Kind == ObjectKind.Image ? [[]] : PossibleLabels(rules)
            from inspect in PossibleInspects.Of(reference, caller, request, reference.Kind == ObjectKind.Container ? Samples(rules.Where(r => r.On.Kind == SelectorKind.Image).Select(r => r.On.Pattern!), images: true) : [""])
            from names in reference.Kind == ObjectKind.Image ? PossibleImageNames(reference, caller, rules) : [[]]
            select Build(reference, name, whose, labels, inspect, names);
        return [.. found, null];
    }

    /// <summary>Objects that are known to be the caller's.</summary>
    public static IReadOnlyDictionary<ObjectReference, EngineObject?> Own(IEnumerable<ObjectReference> references, OfflineCaller caller) =>
        references.Where(reference => reference.Name.Length > 0).Distinct()
            .ToDictionary(reference => reference, EngineObject? (reference) => Build(reference, reference.Name, caller.User, [], null, []));

    /// <summary>What a request names, as if all of it were the caller's.</summary>
    public static IReadOnlyDictionary<ObjectReference, EngineObject?> Mine(IEnumerable<ObjectReference> references, OfflineCaller caller, EngineRequest request) =>
        references.Where(reference => reference.Name.Length > 0).Distinct().ToDictionary(reference => reference, reference => Of(reference, caller, request, AssumedOwner.Mine)[0]);

    private static bool IsBuiltIn(ObjectReference reference) => reference.Kind == ObjectKind.Network && BuiltInNetworks.Contains(reference.Name);

    private static string? Owner(ObjectReference reference, OfflineCaller caller, AssumedOwner owner) => owner switch
    {
        _ when IsBuiltIn(reference) => null,
        AssumedOwner.Nobody => null,
        _ when reference.Kind == ObjectKind.Image => null,
        AssumedOwner.Mine => caller.User,
        _ => caller.User + Stranger,
    };

    private static IReadOnlyList<string> Names(ObjectReference reference) =>
        reference.Kind == ObjectKind.Image && ImageReference.TryParse(reference.Name, out var image) ? [image.Canonical] : [];

    /// <summary>An id says nothing of the name; any other word is the name.</summary>
    private static IEnumerable<string> PossibleNames(ObjectReference reference, OfflineCaller caller, IReadOnlyList<Rule> rules)
    {
        if (!reference.Name.All(char.IsAsciiHexDigitLower))
        {
            return [reference.Name];
        }

        var granted = reference.Kind == ObjectKind.Network ? caller.Roles.SelectMany(role => role.Grants?.Networks ?? []).Concat(BuiltInNetworks) : [];
        return Samples(rules.Where(r => r.On.Kind == SelectorKind.Name).Select(r => r.On.Pattern!), images: false).Concat(granted).Append(reference.Name).Where(n => n.Length > 0).Distinct();
    }

    /// <summary>An image that is asked for by one name may have others, and is judged by all of them; one that is asked for by its id may have none.</summary>
    private static IEnumerable<IReadOnlyList<string>> PossibleImageNames(ObjectReference reference, OfflineCaller caller, IReadOnlyList<Rule> rules)
    {
        if (!ImageReference.TryParse(reference.Name, out var image))
        {
            return [[]];
        }

        var patterns = caller.Roles.SelectMany(role => (role.Grants?.Images ?? []).Concat(role.Grants?.OwnImages ?? []))
            .SelectMany(caller.Caller.Expand).Concat(rules.Where(rule => rule.On.Kind == SelectorKind.Image).Select(rule => rule.On.Pattern!));
        var samples = Samples(patterns, images: true);
        return image.MayBeId
            ? samples.Select(sample => sample.Length > 0 ? new[] { sample } : []).Append([image.Canonical])
            : samples.Where(sample => sample.Length > 0 && sample != image.Canonical).Select(sample => new[] { image.Canonical, sample }).Prepend([image.Canonical]);
    }

    /// <summary>For each set of the rules' label selectors that can hold at once, labels that they match.</summary>
    private static List<Dictionary<string, string>> PossibleLabels(IReadOnlyList<Rule> rules)
    {
        List<Dictionary<string, string>> found = [[]];
        foreach (var selector in rules.Where(rule => rule.On.Kind == SelectorKind.Label).Select(rule => rule.On.Labels!).Take(6))
        {
            foreach (var before in found.ToList().Where(labels => selector.All(label => labels.GetValueOrDefault(label.Key, label.Value) == label.Value)))
            {
                var both = new Dictionary<string, string>(before);
                foreach (var (key, value) in selector)
                {
                    both[key] = value;
                }

                found.Add(both);
            }
        }

        return found;
    }

    /// <summary>A text for each combination of globs that can match at once, and an empty one for none.</summary>
    private static IEnumerable<string> Samples(IEnumerable<string> globs, bool images) => GlobSet.Samples([.. globs.Distinct()], images).Append("").Distinct();

    private static EngineObject Build(
        ObjectReference reference, string name, string? owner, Dictionary<string, string> labels, JsonObject? inspect, IReadOnlyList<string> imageNames)
    {
        var all = new Dictionary<string, string>(labels);
        if (owner is not null)
        {
            all[OwnerLabel.Name] = owner;
        }

        using var raw = JsonDocument.Parse(inspect?.ToJsonString() ?? "{}");
        var inspected = raw.RootElement.Clone();
        return new EngineObject(reference.Kind, new string('a', 64), name, owner, all, inspected)
        {
            ImageNames = imageNames,
            ImageName = Json.String(Json.Member(inspected, "Config"), "Image") ?? "",
        };
    }
}
