using System.Text;
using System.Text.Json;
using Gateway.EngineApi;
using Gateway.EngineApi.Documents;
using Gateway.Objects;

namespace Gateway.Policy;

/// <summary>
/// The volume that stands for one granted folder with <c>inside: true</c>: a bind of a path below the folder becomes a mount of this volume
/// with that path as its sub-path, which the engine resolves without leaving the volume, whatever is swapped meanwhile (threats, rule B5).
/// One for each folder, whoever uses it; its name says the folder; it is the gateway's own and shown to nobody.
/// </summary>
internal static class FolderVolume
{
    /// <summary>The first API version whose engines resolve sub-paths (moby 26.0).</summary>
    public const int FirstVersion = 45;

    /// <summary>What the names of all such volumes begin with.</summary>
    public const string Prefix = "gateway-folder.";

    public const string Label = "gateway.folder";
    private const int LongestName = 255;
    private const string Driver = "local";

    public static bool IsName(string name) => name.StartsWith(Prefix, StringComparison.Ordinal);

    public static bool Is(EngineObject found) => found.Kind == ObjectKind.Volume && IsName(found.Id);

    /// <summary>A dot for each slash; all but letters, digits and dashes as an underscore and two hex digits of UTF-8.</summary>
    /// <param name="folder">Absolute and clean.</param>
    public static string NameOf(string folder)
    {
        var name = new StringBuilder(Prefix);
        foreach (var part in Encoding.UTF8.GetBytes(folder[1..]))
        {
            _ = (char)part switch
            {
                '/' => name.Append('.'),
                '-' or (>= '0' and <= '9') or (>= 'a' and <= 'z') or (>= 'A' and <= 'Z') => name.Append((char)part),
                _ => name.Append('_').Append(part.ToString("x2", System.Globalization.CultureInfo.InvariantCulture)),
            };
        }

        return name.ToString();
    }

    /// <summary>The folder that a name stands for; null for a name that no folder has.</summary>
    public static string? FolderOf(string name)
    {
        if (!IsName(name))
        {
            return null;
        }

        var bytes = new List<byte>();
        for (var i = Prefix.Length; i < name.Length; i++)
        {
            if (name[i] != '_')
            {
                bytes.Add((byte)(name[i] == '.' ? '/' : name[i]));
            }
            else if (i + 2 < name.Length && byte.TryParse(name.AsSpan(i + 1, 2), System.Globalization.NumberStyles.HexNumber, null, out var part))
            {
                bytes.Add(part);
                i += 2;
            }
        }

        var folder = "/" + Encoding.UTF8.GetString([.. bytes]);
        return NameOf(folder) == name ? folder : null;
    }

    /// <summary>The mount to forward in place of a bind. An engine that has no such volume yet makes it as part of the create.</summary>
    /// <param name="bind">Of a path below the folder.</param>
    public static Mount MountOf(string folder, Mount bind) => new()
    {
        Type = "volume",
        Source = NameOf(folder),
        Target = bind.Target,
        ReadOnly = bind.ReadOnly,
        Consistency = bind.Consistency,
        VolumeOptions = new VolumeOptions
        {
            // A bind shows what is there; a volume would first be filled from the image.
            NoCopy = true,
            Subpath = bind.Source![(folder.Length + 1)..],
            Labels = new() { [Label] = folder },
            DriverConfig = new DriverConfig { Name = Driver, Options = Options(folder) },
        },
    };

    /// <summary>Why the folder can have no such volume, or null.</summary>
    public static string? ProblemOf(string folder) => NameOf(folder).Length > LongestName ? $"the name of \"{folder}\" is too long for paths inside it" : null;

    /// <summary>Why an existing volume of the folder's name must not be used, or null: whoever reaches the engine otherwise may have made it of something else.</summary>
    /// <param name="volume">The engine's inspect.</param>
    public static string? ProblemOf(string folder, JsonElement volume) =>
        Json.String(volume, "Driver") == Driver && Same(Json.Map(Json.Member(volume, "Options")), Options(folder)) && Same(Json.Map(Json.Member(volume, "Labels")), new() { [Label] = folder })
            ? null
            : $"the engine's volume \"{NameOf(folder)}\" is not as the gateway makes it; an administrator has to remove it";

    private static Dictionary<string, string> Options(string folder) => new() { ["type"] = "none", ["o"] = "bind", ["device"] = folder };

    private static bool Same(Dictionary<string, string> one, Dictionary<string, string> other) => one.Count == other.Count && one.All(pair => other.GetValueOrDefault(pair.Key) == pair.Value);
}
