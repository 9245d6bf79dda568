using Gateway.Policy.Files;

namespace Gateway.Policy.Commands;

/// <summary>Prints findings as <c>FILE:LINE:COLUMN: message</c>, each with its line of the file and a caret below the place.</summary>
internal static class SourceExcerpt
{
    private const int Widest = 110;

    public static void Print(IEnumerable<PolicyError> findings, TextWriter output, string prefix = "")
    {
        var files = new Dictionary<string, string[]>(StringComparer.Ordinal);
        foreach (var finding in findings)
        {
            output.WriteLine($"{prefix}{finding}");
            foreach (var line in Of(finding.At, files))
            {
                output.WriteLine(line);
            }
        }
    }

    private static string[] Of(SourcePosition at, Dictionary<string, string[]> files)
    {
        if (at.Line == 0)
        {
            return [];
        }

        if (!files.TryGetValue(at.File, out var lines))
        {
            files[at.File] = lines = Read(at.File);
        }

        if (at.Line > lines.Length || at.Column > lines[at.Line - 1].Length + 1)
        {
            return [];
        }

        // A terminal must not be steered by a file's bytes.
        var line = new string([.. lines[at.Line - 1].Select(c => c == '\t' ? ' ' : Quoted.IsHidden(c) ? '?' : c)]);
        var from = Math.Clamp(at.Column - (Widest / 2), 0, Math.Max(0, line.Length - Widest));
        var number = $"{at.Line,5} | ";
        return
        [
            string.Concat(number, line.AsSpan(from, Math.Min(Widest, line.Length - from))),
            new string(' ', number.Length - 2) + "| " + new string(' ', at.Column - 1 - from) + "^",
        ];
    }

    private static string[] Read(string file)
    {
        try
        {
            using var reader = new StreamReader(file);
            var text = new char[Files.Yaml.YamlFile.MaxBytes];
            return [.. new string(text, 0, reader.ReadBlock(text)).Split('\n').Select(line => line.TrimEnd('\r'))];
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }
}
