using System.CommandLine;
using System.Globalization;

namespace Gateway.Serve;

/// <summary>Where each setting of <c>serve</c> comes from: the flag over <c>GATEWAY_…</c> over <c>gateway.yaml</c> over the default.</summary>
internal sealed class ServeSettings(ParseResult flags, GatewayFile file)
{
    public const string DefaultFile = "/etc/docker-gateway/gateway.yaml";

    /// <summary>The environment variable of a flag: <c>--audit-log</c> is GATEWAY_AUDIT_LOG.</summary>
    public static string? FromEnvironment(string flag) =>
        Environment.GetEnvironmentVariable("GATEWAY_" + Key(flag).Replace('-', '_').ToUpperInvariant()) is { Length: > 0 } value ? value : null;

    /// <summary>The key of a flag in the file.</summary>
    public static string Key(string flag) => flag.TrimStart('-');

    /// <exception cref="SettingsException">The file that was named, or the default one that exists, is not valid.</exception>
    public static ServeSettings Of(ParseResult flags, Option<string> configFile, IEnumerable<Option> options)
    {
        var named = flags.GetValue(configFile) ?? FromEnvironment(configFile.Name);
        var file = named is null && !File.Exists(DefaultFile)
            ? GatewayFile.Empty
            : GatewayFile.Read(named ?? DefaultFile, [.. options.Where(o => o != configFile).Select(o => Key(o.Name))]);
        return new ServeSettings(flags, file);
    }

    public string? Text(Option<string> option) => Value(option, text => text);

    /// <summary>The setting as that type; default where it is set nowhere.</summary>
    /// <exception cref="SettingsException">The text is none of that type; the message names the place it came from.</exception>
    public T? Value<T>(Option<string> option, Func<string, T> parse)
    {
        var (texts, place, code) = Find(option.Name, flags.GetValue(option) is { Length: > 0 } given ? [given] : []);
        return texts.Count switch
        {
            0 => default,
            1 => Parse(texts[0], parse, place, code),
            _ => throw new SettingsException(code, [$"{place}takes one value, not a list"]),
        };
    }

    /// <summary>A setting that may stand several times; in the environment separated by spaces.</summary>
    public IReadOnlyList<T> List<T>(Option<string[]> option, Func<string, T> parse, string? otherwise = null)
    {
        var (texts, place, code) = Find(option.Name, flags.GetValue(option) ?? []);
        return [.. (texts.Count > 0 || otherwise is null ? texts : [otherwise]).Select(text => Parse(text, parse, place, code))];
    }

    public bool Flag(Option<bool> option)
    {
        var (texts, place, code) = Find(option.Name, flags.GetValue(option) ? ["true"] : []);
        return texts.Count > 0 && Parse(texts[0], text => text switch { "true" or "1" => true, "false" or "0" => false, _ => throw new FormatException($"\"{text}\" is neither true nor false") }, place, code);
    }

    public Policy.DefaultLimits Limits => file.Limits;

    /// <summary>Seconds, or a number with s, m or h.</summary>
    /// <exception cref="FormatException">It is none.</exception>
    public static TimeSpan Duration(string text)
    {
        var factor = text.Length > 0 ? text[^1] switch { 'm' => 60, 'h' => 3600, _ => 1 } : 1;
        var digits = text.TrimEnd('s', 'm', 'h');
        return text.Length - digits.Length <= 1 && int.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number <= 86400
            ? TimeSpan.FromSeconds((double)number * factor)
            : throw new FormatException($"\"{text}\" is no duration: write 10s, 2m or 1h");
    }

    private (IReadOnlyList<string> Texts, string Place, int Code) Find(string flag, string[] given)
    {
        if (given.Length > 0)
        {
            return (given, $"{flag}: ", ExitCode.Usage);
        }

        if (FromEnvironment(flag) is { } variable)
        {
            return (variable.Split(' ', StringSplitOptions.RemoveEmptyEntries), $"GATEWAY_{Key(flag).Replace('-', '_').ToUpperInvariant()}: ", ExitCode.Usage);
        }

        return file.Settings.GetValueOrDefault(Key(flag)) is { } setting ? (setting.Values, $"{setting.At}: ", ExitCode.Configuration) : ([], "", ExitCode.Usage);
    }

    private static T Parse<T>(string text, Func<string, T> parse, string place, int code)
    {
        try
        {
            return parse(text);
        }
        catch (FormatException e)
        {
            throw new SettingsException(code, [place + e.Message]);
        }
    }
}
