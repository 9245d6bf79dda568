using System.CommandLine;
using System.Globalization;
using CertsTool.Certificates;
using CertsTool.Folder;

namespace CertsTool.Commands;

/// <summary>Options that several commands have, and how their texts are read.</summary>
internal sealed class CommonOptions(Session session)
{
    private const int MaxPassphrase = 4096;

    public Session Session => session;

    public Option<string> Dir { get; } = new("--dir") { HelpName = "DIR", Description = "the CA's folder (default: /etc/docker-gateway/pki for root, else $XDG_DATA_HOME/docker-gateway/pki)" };

    public Option<string> PassphraseFile { get; } = new("--passphrase-file") { HelpName = "FILE", Description = "file whose first line is the passphrase of the CA's key" };

    public Option<string> Key { get; } = new("--key") { HelpName = "KIND", Description = "p256, p384 or rsa3072 (default p256, and for what replaces something the kind it had)" };

    public Option<string[]> Host { get; } = new("--host") { HelpName = "NAME_OR_IP", Description = "a name or address of the server; may be given several times" };

    public Option<string> Groups { get; } = new("--groups") { HelpName = "A,B", Description = "the holder's groups, separated by commas" };

    public Option<string> Valid { get; } = new("--valid") { HelpName = "TIME", Description = "how long it is good, as in 30d, 2w or 12h" };

    /// <summary>A command whose help ends with an example.</summary>
    public Command Make(string name, string description, string example, IEnumerable<Symbol> parts, Func<ParseResult, int> run)
    {
        var command = new ExampleCommand(name, description, example);
        foreach (var part in parts)
        {
            if (part is Argument argument)
            {
                command.Arguments.Add(argument);
            }
            else
            {
                command.Options.Add((Option)part);
            }
        }

        command.Options.Add(Dir);
        command.SetAction(result => session.Run(() => run(result)));
        return command;
    }

    /// <exception cref="ToolException">The option is there, but empty: a variable that was not set must not mean another folder.</exception>
    public PkiFolder Folder(ParseResult result) => new(Path.TrimEndingDirectorySeparator(Path.GetFullPath(Text(result, Dir) ?? PkiFolder.Default)));

    public string KeyKindOf(ParseResult result) => KeyKind.Check(Text(result, Key) ?? KeyKind.Default);

    public IReadOnlyList<string> Hosts(ParseResult result) => [.. (result.GetValue(Host) ?? []).Select(Names.CheckHost).Distinct(StringComparer.OrdinalIgnoreCase)];

    public IReadOnlyList<string> GroupNames(ParseResult result)
    {
        List<string> groups = [.. (Text(result, Groups) ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Select(Names.Check).Distinct()];
        foreach (var group in groups.Where(group => !Names.GatewayKnows(group)))
        {
            session.Terminal.Note($"warning: the gateway knows no group \"{group}\": it takes a-z 0-9 . _ - only, starting with a letter or digit");
        }

        return groups;
    }

    public TimeSpan? Validity(ParseResult result) => Text(result, Valid) is { } text ? Duration(text) : null;

    /// <summary>The CA's passphrase: from the file, or asked for where the key is encrypted and somebody is there to ask.</summary>
    public Func<string?> Passphrase(ParseResult result)
    {
        var folder = Folder(result);
        var known = Text(result, PassphraseFile) is { } file ? ReadPassphrase(file)
            : PemFile.IsEncrypted(folder.AuthorityKey) ? session.Terminal.AskSecret("passphrase of the CA's key")
            : null;
        return () => known;
    }

    /// <exception cref="ToolException">There is no passphrase in the file's first line.</exception>
    public string ReadPassphrase(string file)
    {
        try
        {
            var line = System.Text.Encoding.UTF8.GetString(PemFile.ReadBytes(file, MaxPassphrase)).Split('\n')[0].TrimEnd('\r');
            if (Posix.Facts(file) is { Kind: PathKind.File } facts && (facts.Mode & PkiFolder.OthersMayAnything) != 0)
            {
                session.Terminal.Note($"warning: {file}: mode {Convert.ToString((int)facts.Mode, 8)} lets others read the passphrase; run chmod 600 {file}");
            }

            return line.Length > 0 ? line : throw new IOException("no passphrase in its first line");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new ToolException(ToolException.Usage, $"{file}: {e.Message}");
        }
    }

    /// <summary>An option's text; null where it was not given.</summary>
    /// <exception cref="ToolException">It was given and is empty.</exception>
    public static string? Text(ParseResult result, Option<string> option) => result.GetValue(option) is not { } text ? null
        : text.Length > 0 ? text
        : throw new ToolException(ToolException.Usage, $"{option.Name} is empty; give it a value or leave it out");

    /// <summary><c>30d</c>, <c>12h</c> or <c>2w</c>.</summary>
    /// <exception cref="ToolException">The text is no such duration.</exception>
    public static TimeSpan Duration(string text)
    {
        var unit = text.Length > 1 ? text[^1] : ' ';
        return int.TryParse(text.AsSpan(0, Math.Max(0, text.Length - 1)), NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number is > 0 and <= 36_500
            ? unit switch
            {
                'd' => TimeSpan.FromDays(number),
                'w' => TimeSpan.FromDays(7.0 * Math.Min(number, 5_200)),
                'h' => TimeSpan.FromHours(number),
                _ => throw NoDuration(text),
            }
            : throw NoDuration(text);
    }

    private static ToolException NoDuration(string text) => new(ToolException.Usage, $"\"{Terminal.Plain(text)}\" is not a duration such as 30d, 2w or 12h");
}
