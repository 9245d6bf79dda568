using System.Globalization;
using Gateway.Audit;
using Xunit;

namespace Gateway.Tests.Audit;

/// <summary>verify names what was done to which record, over rotated files too (I63).</summary>
public sealed class AuditVerificationTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("audit-").FullName;

    private string LogFile => Path.Combine(folder, "audit.log");

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Theory]
    [InlineData("change", "audit.log:3: seq 3: the record was changed")]
    [InlineData("remove", "audit.log:3: seq 3: the record was removed before this line")]
    [InlineData("remove two", "audit.log:3: seq 3 to 4: 2 records were removed before this line")]
    [InlineData("copy", "audit.log:4: seq 1: the record was put in; a record of that number stands before it")]
    [InlineData("insert", "audit.log:3: seq 2: the record was put in; a record of that number stands before it")]
    [InlineData("swap", "audit.log:4: seq 3: the record was moved here from its place")]
    [InlineData("rewrite", "audit.log:4: seq 4: the record does not follow the one before it: seq 3 was replaced by another with a hash of its own")]
    [InlineData("text", "audit.log:3: is not an audit record: it was put in, or a record was changed beyond reading")]
    [InlineData("cut", "seq 6 to 6: 1 record(s) were cut off at the end")]
    [InlineData("empty", "seq 1 to 6: 6 record(s) were cut off at the end")]
    public async Task I63_NamesWhatWasDoneToWhichRecord(string edit, string finding)
    {
        await WriteAsync(6);
        var lines = File.ReadAllLines(LogFile).ToList();
        switch (edit)
        {
            case "change":
                lines[2] = lines[2].Replace("\"id\":\"r2\"", "\"id\":\"rX\"", StringComparison.Ordinal);
                break;
            case "remove":
                lines.RemoveAt(2);
                break;
            case "remove two":
                lines.RemoveRange(2, 2);
                break;
            case "copy":
                lines.Insert(3, lines[0]);
                break;
            case "insert":
                lines.Insert(2, Line(2, Hash(lines[0])));
                break;
            case "swap":
                (lines[2], lines[3]) = (lines[3], lines[2]);
                break;
            case "rewrite":
                lines[2] = Line(3, Hash(lines[1]));
                break;
            case "text":
                lines.Insert(2, "hello");
                break;
            case "cut":
                lines.RemoveAt(5);
                break;
            default:
                lines.Clear();
                break;
        }

        File.WriteAllLines(LogFile, lines);

        var (code, output) = Verify(LogFile);

        Assert.Equal(1, code);
        Assert.Equal(finding, output.Split('\n')[0].Replace(folder + "/", "", StringComparison.Ordinal));
        Assert.Equal(2, output.TrimEnd().Split('\n').Length);
    }

    [Fact]
    public async Task GoesOnOverRotatedFiles()
    {
        await WriteAsync(40, new AuditLogOptions { MaxSize = 1500, Keep = 100 });

        Assert.True(File.Exists(LogFile + ".2"));
        var (code, output) = Verify(LogFile);
        Assert.True(code == 0, output);
        Assert.Contains("40 records; last record: seq 40", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task FindsARotatedFileThatIsGone()
    {
        await WriteAsync(40, new AuditLogOptions { MaxSize = 1500, Keep = 100 });
        File.Delete(LogFile + ".2");

        var (code, output) = Verify(LogFile);

        Assert.Equal(1, code);
        Assert.Contains("records were removed before this line", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task KeepsNoMoreOlderFilesThanAsked()
    {
        await WriteAsync(60, new AuditLogOptions { MaxSize = 1500, Keep = 2 });

        Assert.Equal(["audit.log", "audit.log.1", "audit.log.2", "audit.log.head", "audit.log.lock"], Directory.GetFiles(folder).Select(Path.GetFileName).Order(StringComparer.Ordinal));
        Assert.Equal(0, Verify(LogFile).Code);
    }

    /// <summary>What is put in is named by its own place, whatever it says of itself; the real record is not accused.</summary>
    [Fact]
    public async Task NamesWhatWasPutInBeforeTheRealRecord()
    {
        await WriteAsync(10);
        var lines = File.ReadAllLines(LogFile).ToList();
        lines.Insert(4, $$$"""{"event":"decision","seq":5,"prev":"{{{new string('0', 64)}}}","hash":"{{{new string('1', 64)}}}"}""");
        File.WriteAllLines(LogFile, lines);

        var (code, output) = Verify(LogFile);

        Assert.Equal(1, code);
        Assert.Contains($"{LogFile}:5: seq 5: the record was put in; the real one of that number stands behind it", output, StringComparison.Ordinal);
        Assert.Contains("1 finding(s)", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task SaysThatTheFirstRecordsAreNotHere()
    {
        await WriteAsync(4);
        File.WriteAllLines(LogFile, File.ReadAllLines(LogFile).Skip(1));

        Assert.Contains("the first record here is seq 2", Verify(LogFile).Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task GoesOnInANewFileAfterTheOldOneWasMovedAway()
    {
        using (var log = AuditLog.Open(LogFile))
        {
            await log.WriteAsync(Some(0));
            File.Move(LogFile, LogFile + "-old");
            log.Reopen();
            await log.WriteAsync(Some(1));
        }

        Assert.Single(File.ReadAllLines(LogFile));
        Assert.Equal(0, Verify(LogFile, LogFile + "-old").Code);
    }

    [Fact]
    public async Task GoesOnAfterARestartWithTheOldFileMovedAway()
    {
        await WriteAsync(3);
        File.Move(LogFile, LogFile + "-old");
        await WriteAsync(2);

        var (code, output) = Verify(LogFile + "-old", LogFile);
        Assert.True(code == 0, output);
        Assert.Contains("seq 5", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task KeepsACutVisibleAfterTheLogWentOn()
    {
        await WriteAsync(4);
        File.WriteAllLines(LogFile, File.ReadAllLines(LogFile).Take(2));
        await WriteAsync(1);

        var (code, output) = Verify(LogFile);

        Assert.Equal(1, code);
        Assert.Contains("seq 3 to 4: 2 records were removed", output, StringComparison.Ordinal);
    }

    [Fact]
    public void SaysWhichFileCannotBeRead() => Assert.Equal(2, Verify(Path.Combine(folder, "none.log")).Code);

    private static AuditRecord Some(int number) => new() { Event = "decision", Time = DateTimeOffset.UnixEpoch, Id = string.Create(CultureInfo.InvariantCulture, $"r{number}"), Decision = "deny" };

    private static string Hash(string line) => line[^66..^2];

    private static string Line(long seq, string previous) => System.Text.Encoding.UTF8.GetString(AuditChain.Write(Some(99), seq, previous).Line).TrimEnd('\n');

    private async Task WriteAsync(int count, AuditLogOptions? options = null)
    {
        using var log = AuditLog.Open(LogFile, options);
        for (var i = 0; i < count; i++)
        {
            await log.WriteAsync(Some(i));
        }
    }

    private static (int Code, string Output) Verify(params string[] files)
    {
        using var output = new StringWriter();
        return (AuditLogCommands.Verify(files, output, output), output.ToString());
    }
}
