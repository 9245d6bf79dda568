using Gateway.Audit;
using Xunit;

namespace Gateway.Tests.Audit;

/// <summary>Any edit of the log breaks verify (I63); a record that cannot be written throws (I62).</summary>
public sealed class AuditLogTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("audit-").FullName;

    private string LogFile => Path.Combine(folder, "audit.log");

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public async Task FindsNothingInAnUntouchedLogOverARestart()
    {
        await WriteAsync(3);
        await WriteAsync(2);

        Assert.Equal(0, Verify());
        Assert.Equal(5, File.ReadAllLines(LogFile).Length);
    }

    [Theory]
    [InlineData("changed")]
    [InlineData("removed")]
    [InlineData("put in")]
    [InlineData("swapped")]
    public async Task I63_FindsWhatWasEdited(string edit)
    {
        await WriteAsync(5);
        var lines = File.ReadAllLines(LogFile).ToList();
        switch (edit)
        {
            case "changed":
                lines[2] = lines[2].Replace("\"id\":\"r2\"", "\"id\":\"rX\"", StringComparison.Ordinal);
                break;
            case "removed":
                lines.RemoveAt(2);
                break;
            case "put in":
                lines.Insert(2, lines[0]);
                break;
            default:
                (lines[1], lines[2]) = (lines[2], lines[1]);
                break;
        }

        File.WriteAllLines(LogFile, lines);

        Assert.Equal(1, Verify());
    }

    [Fact]
    public async Task KeepsOneChainWhenManyWriteAtOnce()
    {
        using (var log = AuditLog.Open(LogFile))
        {
            await Task.WhenAll(Enumerable.Range(0, 200).Select(i => log.WriteAsync(Some(i)).AsTask()));
        }

        Assert.Equal(0, Verify());
    }

    [Fact]
    public async Task I62_ThrowsWhereTheDiskIsFull()
    {
        using var log = AuditLog.Open("/dev/full");

        await Assert.ThrowsAsync<AuditWriteException>(async () => await log.WriteAsync(Some(0)));
    }

    [Fact]
    public async Task EscapesWhatCouldForgeALine()
    {
        using (var log = AuditLog.Open(LogFile))
        {
            await log.WriteAsync(Some(0) with { Path = "/a\n{\"seq\":1}\u202E\u2028" });
        }

        var line = Assert.Single(File.ReadAllLines(LogFile));
        Assert.All(line, c => Assert.InRange(c, ' ', '~'));
    }

    [Fact]
    public async Task BoundsWhatACallerWrites()
    {
        using (var log = AuditLog.Open(LogFile))
        {
            await log.WriteAsync(Some(0) with { Path = new string('a', 100_000), Reason = new string('b', 100_000), Fields = [.. Enumerable.Repeat(new string('c', 1000), 1000)] });
        }

        Assert.InRange(new FileInfo(LogFile).Length, 1, 32 << 10);
    }

    [Fact]
    public void IsItsOwnersAlone()
    {
        using var log = AuditLog.Open(LogFile);

        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(LogFile));
    }

    [Fact]
    public void WritesThroughNoLink()
    {
        File.WriteAllText(LogFile + ".other", "");
        File.CreateSymbolicLink(LogFile, LogFile + ".other");

        Assert.Throws<IOException>(() => AuditLog.Open(LogFile));
    }

    [Fact]
    public void RefusesASecondWriter()
    {
        using var first = AuditLog.Open(LogFile);

        Assert.Throws<IOException>(() => AuditLog.Open(LogFile));
    }

    private static AuditRecord Some(int number) => new() { Event = "decision", Time = DateTimeOffset.UnixEpoch, Id = $"r{number}", Decision = "deny" };

    private async Task WriteAsync(int count)
    {
        using var log = AuditLog.Open(LogFile);
        for (var i = 0; i < count; i++)
        {
            await log.WriteAsync(Some(i));
        }
    }

    private int Verify()
    {
        using var output = new StringWriter();
        return AuditLogCommands.Verify([LogFile], output, output);
    }
}
