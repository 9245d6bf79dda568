using System.Text;

namespace Gateway.EngineApi;

/// <summary>An operation and the name that the path gave for its object.</summary>
/// <param name="Name">The <c>{name}</c> or <c>{id}</c>; null where the template has none.</param>
/// <param name="Second">The second name of ContainerCheckpointDelete.</param>
internal sealed record RouteMatch(EngineOperation Operation, string? Name, string? Second = null);

/// <summary>Finds the operation of a method and path as the engine's router does, and writes the path of the one that was found.</summary>
internal static class EngineRoutes
{
    private static readonly ILookup<string, (EngineOperation Operation, string[] Template)> ByMethod =
        OperationCatalogue.All.ToLookup(o => o.Method, o => (o, o.Template[1..].Split('/')), StringComparer.Ordinal);

    /// <summary>The operation, or null where the engine has none.</summary>
    /// <exception cref="RequestRefusedException">The name in the path is none that an object can have.</exception>
    public static RouteMatch? Match(string method, EnginePath path)
    {
        foreach (var (operation, template) in ByMethod[method])
        {
            if (Match(operation, template, path.Segments) is { } match)
            {
                return path.Version >= operation.MinApi || path.Version is null ? match : null;
            }
        }

        return null;
    }

    /// <summary>The path towards the engine, written from the decision: version, template, name.</summary>
    public static string Write(EngineOperation operation, int? version, string? name, string? second = null)
    {
        var text = new StringBuilder(version is null ? "" : $"/v1.{version}");
        var used = 0;
        foreach (var part in operation.Template[1..].Split('/'))
        {
            text.Append('/').Append(part.StartsWith('{') ? Segments(used++ == 0 ? name! : second!) : part);
        }

        return text.ToString();
    }

    private static string Segments(string name) => string.Join('/', name.Split('/').Select(PercentText.Encode)).Replace("%3A", ":", StringComparison.Ordinal).Replace("%40", "@", StringComparison.Ordinal);

    private static RouteMatch? Match(EngineOperation operation, string[] template, IReadOnlyList<string> segments)
    {
        var hole = Array.FindIndex(template, part => part.StartsWith('{'));
        if (hole < 0)
        {
            return template.SequenceEqual(segments, StringComparer.Ordinal) ? new RouteMatch(operation, null) : null;
        }

        // Only images and plugins have names with slashes: theirs end at the last segment that is the operation's verb.
        var slashes = operation.Object is ObjectKind.Image or ObjectKind.Plugin;
        var extra = segments.Count - template.Length;
        if (extra < 0 || (extra > 0 && !slashes))
        {
            return null;
        }

        var after = template.Length - hole - 1;
        if (operation.Name == "ContainerCheckpointDelete")
        {
            return segments[0] == "containers" && segments[2] == "checkpoints" ? new RouteMatch(operation, Checked(operation, segments[1]), Checked(operation, segments[3])) : null;
        }

        for (var i = 0; i < hole; i++)
        {
            if (segments[i] != template[i])
            {
                return null;
            }
        }

        for (var i = 1; i <= after; i++)
        {
            if (segments[^i] != template[^i])
            {
                return null;
            }
        }

        var name = string.Join('/', segments.Skip(hole).Take(segments.Count - hole - after));
        return new RouteMatch(operation, Checked(operation, name));
    }

    private static string Checked(EngineOperation operation, string name)
    {
        var valid = operation.Object is ObjectKind.Image or ObjectKind.Plugin ? ImageReference.TryParse(name, out _) : ObjectName.IsValid(name);
        return valid ? name : throw new RequestRefusedException(400, $"\"{name}\" is not a name that the engine gives to an object of this kind");
    }
}
