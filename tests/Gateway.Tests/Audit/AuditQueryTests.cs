using Gateway.Audit;
using Xunit;

namespace Gateway.Tests.Audit;

public sealed class AuditQueryTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("audit-").FullName;

    private string LogFile => Path.Combine(folder, "audit.log");

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Theory]
    [InlineData("user", 2)]
    [InlineData("operation", 1)]
    [InlineData("decision", 1)]
    [InlineData("object", 1)]
    [InlineData("id prefix", 1)]
    [InlineData("field", 1)]
    [InlineData("since", 2)]
    [InlineData("until", 1)]
    [InlineData("none", 0)]
    public async Task FindsByEachPart(string part, int count)
    {
        await WriteAsync();
        var noon = new DateTimeOffset(2026, 1, 1, 12, 0, 0, TimeSpan.Zero);
        var query = part switch
        {
            "user" => new AuditQuery { User = "ali*" },
            "operation" => new AuditQuery { Operation = "Container*" },
            "decision" => new AuditQuery { Decision = "deny" },
            "object" => new AuditQuery { Object = "web" },
            "id prefix" => new AuditQuery { Object = "abc123" },
            "field" => new AuditQuery { Field = "HostConfig.*" },
            "since" => new AuditQuery { Since = noon },
            "until" => new AuditQuery { Until = noon.AddMinutes(-1) },
            _ => new AuditQuery { User = "nobody" },
        };
        using var output = new StringWriter();

        var code = await AuditQueryCommand.RunAsync([LogFile], query, asJson: true, follow: false, output, TestContext.Current.CancellationToken);

        Assert.Equal(count, output.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries).Length);
        Assert.Equal(count == 0 ? 1 : 0, code);
    }

    [Fact]
    public async Task ShowsNoControlCharacterInATable()
    {
        await WriteAsync();
        using var output = new StringWriter();

        await AuditQueryCommand.RunAsync([LogFile], new AuditQuery(), asJson: false, follow: false, output, TestContext.Current.CancellationToken);

        Assert.All(output.ToString(), c => Assert.True(c == '\n' || c is >= ' ' and <= '~'));
        Assert.Contains("\\u001b[2J", output.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task FollowsOverRotation()
    {
        using var log = AuditLog.Open(LogFile, new AuditLogOptions { MaxSize = 700 });
        await log.WriteAsync(Some("alice"));
        using var followed = new FollowedFile(LogFile);
        List<string> seen = [];
        for (var i = 0; i < 20; i++)
        {
            await log.WriteAsync(Some("bob"));
            while (followed.Next() is { } line)
            {
                seen.Add(System.Text.Encoding.UTF8.GetString(line.Span));
            }
        }

        Assert.True(File.Exists(LogFile + ".1"));
        Assert.Equal(21, seen.Count);
    }

    [Theory]
    [InlineData("2h", "2026-01-01T10:00:00Z")]
    [InlineData("7d", "2025-12-25T12:00:00Z")]
    [InlineData("2026-01-01", "2026-01-01T00:00:00Z")]
    [InlineData("2026-01-01T08:00:00Z", "2026-01-01T08:00:00Z")]
    public void ReadsTimes(string text, string expected) =>
        Assert.Equal(DateTimeOffset.Parse(expected, System.Globalization.CultureInfo.InvariantCulture), AuditQuery.ParseTime(text, new DateTimeOffset(2026, 1, 1, 12, 0, 0, TimeSpan.Zero)));

    [Theory]
    [InlineData("yesterday")]
    [InlineData("-2h")]
    [InlineData("9999999d")]
    public void RefusesWhatIsNoTime(string text) => Assert.Throws<FormatException>(() => AuditQuery.ParseTime(text, DateTimeOffset.UnixEpoch));

    private static AuditRecord Some(string user) => new() { Event = "decision", Time = new DateTimeOffset(2026, 1, 1, 12, 0, 0, TimeSpan.Zero), Id = "1", User = user, Operation = "SystemInfo", Decision = "allow" };

    private async Task WriteAsync()
    {
        using var log = AuditLog.Open(LogFile);
        await log.WriteAsync(Some("alice") with
        {
            Operation = "ContainerCreate",
            Decision = "deny",
            Fields = ["HostConfig.Privileged"],
            Reason = "NotGranted: \u001b[2J",
            Resource = new AuditResource("container", "abc123def", "web", "alice"),
        });
        await log.WriteAsync(Some("alice") with { Time = new DateTimeOffset(2026, 1, 1, 11, 0, 0, TimeSpan.Zero) });
        await log.WriteAsync(Some("bob"));
    }
}
