using System.CommandLine;
using System.Globalization;

namespace CertsTool.Commands;

/// <summary>Options that several commands have, and how their texts are read.</summary>
internal sealed class CommonOptions
{
    public Option<string> Dir { get; } = new("--dir") { Description = $"the CA's folder (default {PkiFolder.Default})" };

    public Option<string> PassphraseFile { get; } = new("--passphrase-file") { Description = "file whose first line is the passphrase of the CA's key" };

    public Option<string> Key { get; } = new("--key") { Description = "p256 (default), p384 or rsa3072" };

    public Option<string[]> Host { get; } = new("--host") { Description = "a name or address of the server, several times (default: this machine's names and loopback)" };

    public PkiFolder Folder(ParseResult result) => new(Path.GetFullPath(result.GetValue(Dir) is { Length: > 0 } dir ? dir : PkiFolder.Default));

    public IssueOptions Issue(ParseResult result) => new(Folder(result), Passphrase(result), result.GetValue(Key) is { Length: > 0 } key ? key : KeyKind.Default);

    public IReadOnlyList<string> Hosts(ParseResult result) =>
        [.. (result.GetValue(Host) ?? []).Select(host => Uri.CheckHostName(host) is UriHostNameType.Dns or UriHostNameType.IPv4 or UriHostNameType.IPv6
            ? host
            : throw new ToolException(ToolException.Usage, $"\"{host}\" is neither a host name nor an address"))];

    /// <summary><c>30d</c>, <c>12h</c> or <c>2w</c>.</summary>
    /// <exception cref="ToolException">The text is no such duration.</exception>
    public static TimeSpan Duration(string text)
    {
        var unit = text.Length > 1 ? text[^1] : ' ';
        if (int.TryParse(text.AsSpan(0, Math.Max(0, text.Length - 1)), NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number is > 0 and < 100_000)
        {
            switch (unit)
            {
                case 'd':
                    return TimeSpan.FromDays(number);
                case 'w':
                    return TimeSpan.FromDays(7.0 * number);
                case 'h':
                    return TimeSpan.FromHours(number);
                default:
                    break;
            }
        }

        throw new ToolException(ToolException.Usage, $"\"{text}\" is not a duration such as 30d, 2w or 12h");
    }

    private string? Passphrase(ParseResult result)
    {
        if (result.GetValue(PassphraseFile) is not { Length: > 0 } file)
        {
            return null;
        }

        return File.Exists(file) && File.ReadLines(file).FirstOrDefault() is { Length: > 0 } line
            ? line
            : throw new ToolException(ToolException.Usage, $"{file}: no passphrase in its first line");
    }
}
