using System.Globalization;
using System.Text;

namespace CertsTool;

/// <summary>The only place that writes to the terminal: results to stdout, notes and problems to stderr, lower case, no full stop.</summary>
/// <param name="width">Columns that a table may take.</param>
/// <param name="colour">Whether stdout shows colours.</param>
internal sealed class Terminal(TextWriter output, TextWriter error, int width = Terminal.DefaultWidth, bool colour = false)
{
    public const int DefaultWidth = 80;

    public TextWriter Output => output;

    public TextWriter ErrorOutput => error;

    public int Width => width;

    /// <summary>The process's own: colours on a terminal only, and not where NO_COLOR or a dumb terminal asks for none.</summary>
    public static Terminal OfProcess()
    {
        var plain = Console.IsOutputRedirected || Environment.GetEnvironmentVariable("NO_COLOR") is { Length: > 0 } || Environment.GetEnvironmentVariable("TERM") is null or "" or "dumb";
        return new Terminal(Console.Out, Console.Error, Console.IsOutputRedirected || Console.WindowWidth <= 0 ? DefaultWidth : Console.WindowWidth, !plain);
    }

    public void Print(string line) => output.WriteLine(line);

    public void Warn(string line) => output.WriteLine(Coloured(line, Colour.Yellow));

    public string Coloured(string text, Colour hue) => colour && hue != Colour.None ? string.Create(CultureInfo.InvariantCulture, $"\e[{(int)hue}m{text}\e[0m") : text;

    public void Note(string message) => error.WriteLine($"certs-tool: {message.ReplaceLineEndings("\n  ")}");

    /// <summary>Asks for a secret without showing it.</summary>
    /// <returns>Null where there is nobody to ask.</returns>
    public string? AskSecret(string question)
    {
        if (Console.IsInputRedirected || !ReferenceEquals(error, Console.Error))
        {
            return null;
        }

        error.Write($"{question}: ");
        var secret = new StringBuilder();
        for (var key = Console.ReadKey(intercept: true); key.Key != ConsoleKey.Enter; key = Console.ReadKey(intercept: true))
        {
            if (key.Key == ConsoleKey.Backspace)
            {
                secret.Length = Math.Max(0, secret.Length - 1);
            }
            else if (!char.IsControl(key.KeyChar))
            {
                secret.Append(key.KeyChar);
            }
        }

        error.WriteLine();
        return secret.ToString();
    }

    /// <summary>Text from elsewhere made harmless: control characters and those that turn the writing round are spelt out.</summary>
    public static string Plain(string text)
    {
        var plain = new StringBuilder(text.Length);
        foreach (var c in text)
        {
            if (char.GetUnicodeCategory(c) is UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator or UnicodeCategory.Surrogate)
            {
                plain.Append(CultureInfo.InvariantCulture, $"\\u{(int)c:x4}");
            }
            else
            {
                plain.Append(c);
            }
        }

        return plain.ToString();
    }
}

/// <summary>Colours by the number that a terminal knows them by (ECMA-48, SGR).</summary>
internal enum Colour
{
    None = 0,
    Dim = 2,
    Red = 31,
    Yellow = 33,
}
