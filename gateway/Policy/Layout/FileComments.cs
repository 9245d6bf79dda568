using YamlDotNet.Core;
using YamlDotNet.Core.Tokens;

namespace Gateway.Policy.Layout;

/// <summary>One comment of a file, with its sign.</summary>
/// <param name="OwnLine">Nothing stands before it on its line.</param>
internal sealed record FileComment(int Line, int Column, string Text, bool OwnLine);

/// <summary>Finds the comments of a YAML text, as its scanner tells them from text.</summary>
internal static class FileComments
{
    public static IReadOnlyList<FileComment> Of(string text)
    {
        var lines = text.Split('\n');
        var found = new List<FileComment>();
        var scanner = new Scanner(new StringReader(text), skipComments: false);
        while (scanner.MoveNext())
        {
            if (scanner.Current is Comment comment)
            {
                var (line, column) = ((int)comment.Start.Line, (int)comment.Start.Column);
                found.Add(new FileComment(line, column, ("#" + Raw(lines[line - 1], column)).TrimEnd(), string.IsNullOrWhiteSpace(lines[line - 1][..(column - 1)])));
            }
        }

        return found;
    }

    // The scanner trims what follows the sign; the file's own spacing is kept.
    private static string Raw(string line, int column) => line[column..].TrimEnd('\r');
}
