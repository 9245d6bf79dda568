using System.Diagnostics;
using System.Net.Sockets;
using System.Text;
using System.Text.RegularExpressions;
using Gateway.Policy.Commands;
using Gateway.Policy.Layout;
using Gateway.Tests.Policy.Files.Support;
using Xunit;

namespace Gateway.Tests.Policy.Files;

/// <summary>Whatever a policy file holds, it is a policy or an error with its place: never an exception, never a wait.</summary>
public sealed partial class BrokenFilesTests : IDisposable
{
    private const int Mutations = 600;
    private static readonly string[] Pieces = ["\t", "\0", "\r", "*", "&a ", "!x ", "{", "}", "[", "]", ": ", "\"", "'", "# ", "- ", "|\n", "<<: ", "---\n", "\u2028", "\u202e", "  ", "\n", "${user}", "ÿ", "? ", "%YAML 1.1\n"];

    private readonly PolicyDirectory folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void GivesAPlaceForWhateverIsBroken()
    {
        var shipped = Directory.GetFiles(ShippedPolicies.Folder, "*.yaml").Where(file => !file.EndsWith(".test.yaml", StringComparison.Ordinal)).Order(StringComparer.Ordinal).Select(File.ReadAllBytes).ToList();
        var (broken, laidOut) = (0, 0);
        for (var seed = 0; seed < Mutations; seed++)
        {
            var random = new Random(seed);
            var bytes = Mutated(shipped[random.Next(shipped.Count)], random);
            var file = Path.Combine(folder.Root, "a.yaml");
            File.WriteAllBytes(file, bytes);
            try
            {
                var loaded = folder.Load();
                broken += loaded.Errors.Count > 0 ? 1 : 0;
                Assert.All(loaded.Errors, error => Assert.Matches(Placed(), error.ToString()));
                using var printed = new StringWriter();
                SourceExcerpt.Print(loaded.Errors, printed);
                Assert.Equal(loaded.Errors.Count, printed.ToString().Split('\n').Count(line => line.TrimStart(' ', '|') == "^"));
                laidOut += loaded.Policy is not null && IsLaidOut(file) ? 1 : 0;
            }
            catch (Exception e)
            {
                throw new InvalidOperationException($"seed {seed}:\n{Encoding.UTF8.GetString(bytes)}", e);
            }
        }

        Assert.True(broken > Mutations / 2 && laidOut > 20, $"{broken} broken, {laidOut} laid out");
    }

    [Theory]
    [InlineData("version: 1\nroles: {a\u2028b: {}}\n", "a.yaml:2:10: a line break that only some programs take for one")]
    [InlineData("version: 1\rroles: {}\r", "a.yaml:1:11: a line break that only some programs take for one")]
    [InlineData("version: 1\nroles: {a\u202eb: {rules: []}}\n", "a.yaml:2:9: \"a\\u202eb\" is not a name")]
    public void ReadsALineAsEverybodyDoes(string text, string error)
    {
        folder.Write("a.yaml", text);

        Assert.StartsWith(error, folder.Errors()[0], StringComparison.Ordinal);
    }

    [Fact]
    public void SaysWhereAFileIsNotUtf8()
    {
        File.WriteAllBytes(Path.Combine(folder.Root, "a.yaml"), [.. "version: 1\n# é "u8, 0xff, .. "\n"u8]);

        Assert.Equal(["a.yaml:2:5: not UTF-8 (byte 0xff); save it as UTF-8"], folder.Errors());
    }

    [Fact]
    public void SaysWhereAFileIsTooLong()
    {
        folder.Write("a.yaml", "version: 1\n" + new string('#', 2 << 20));

        Assert.StartsWith("a.yaml:2:", Assert.Single(folder.Errors()), StringComparison.Ordinal);
    }

    [Fact]
    public void DoesNotWaitAtAPipe()
    {
        using (var made = Process.Start("mkfifo", Path.Combine(folder.Root, "a.yaml")))
        {
            made.WaitForExit();
        }

        Assert.Equal(["a.yaml: is no file; a policy is read from regular files only"], folder.Errors());
    }

    [Fact]
    public void ReadsNoSocket()
    {
        using var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        socket.Bind(new UnixDomainSocketEndPoint(Path.Combine(folder.Root, "a.yaml")));

        Assert.Equal(["a.yaml: is no file; a policy is read from regular files only"], folder.Errors());
    }

    [Fact]
    public void WarnsOfAFolderThatIsCalledLikeAPolicy()
    {
        folder.Write("a.yaml", "version: 1\n");
        Directory.CreateDirectory(Path.Combine(folder.Root, "b.yaml"));

        Assert.Contains(folder.Load().Warnings, warning => warning.ToString().Contains("b.yaml: not read: a folder", StringComparison.Ordinal));
    }

    /// <summary>Its layout keeps its comments and is its own: PolicyLayout checks the first by itself.</summary>
    private static bool IsLaidOut(string file)
    {
        try
        {
            var text = File.ReadAllText(file).ReplaceLineEndings("\n");
            var written = PolicyLayout.Of(file, text);
            Assert.Equal(written, PolicyLayout.Of(file, written));
            return true;
        }
        catch (FormatException e)
        {
            Assert.StartsWith(file, e.Message, StringComparison.Ordinal);
            return false;
        }
    }

    private static byte[] Mutated(byte[] file, Random random)
    {
        var bytes = file.ToList();
        for (var n = random.Next(1, 4); n > 0; n--)
        {
            var at = random.Next(bytes.Count);
            switch (random.Next(7))
            {
                case 0:
                    bytes[at] = (byte)random.Next(256);
                    break;
                case 1:
                    bytes.RemoveRange(at, Math.Min(random.Next(1, 20), bytes.Count - at));
                    break;
                case 2:
                    bytes.InsertRange(at, Encoding.UTF8.GetBytes(Pieces[random.Next(Pieces.Length)]));
                    break;
                default:
                    var lines = Encoding.Latin1.GetString([.. bytes]).Split('\n').ToList();
                    var line = random.Next(lines.Count);
                    switch (random.Next(4))
                    {
                        case 0:
                            lines.Insert(random.Next(lines.Count), lines[line]);
                            break;
                        case 1:
                            lines.RemoveAt(line);
                            break;
                        case 2:
                            lines[line] = new string(' ', random.Next(1, 4)) + lines[line];
                            break;
                        default:
                            lines[line] += Pieces[random.Next(9, Pieces.Length)] + "# note";
                            break;
                    }

                    bytes = [.. Encoding.Latin1.GetBytes(string.Join('\n', lines))];
                    break;
            }
        }

        return [.. bytes];
    }

    [GeneratedRegex(@"^/[^:]+/a\.yaml:[1-9][0-9]*:[1-9][0-9]*: .+$")]
    private static partial Regex Placed();
}
