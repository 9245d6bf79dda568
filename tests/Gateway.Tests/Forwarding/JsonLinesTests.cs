using System.Text;
using Gateway.Forwarding;
using Xunit;

namespace Gateway.Tests.Forwarding;

/// <summary>I64: what one user's object is called ends no other's stream.</summary>
public sealed class JsonLinesTests
{
    [Theory]
    [InlineData("a\nb\n", "a\nb\n")]
    [InlineData("a\n\r\nb", "a\nb\n")]
    public async Task CopiesLineByLine(string source, string copied) => Assert.Equal(copied, await Copy(source));

    [Fact]
    public async Task LeavesOutALineThatIsTooLong()
    {
        var line = new string('x', (1 << 20) + 1);

        Assert.Equal("a\nb\n", await Copy($"a\n{line}\nb\n"));
        Assert.Equal("a\n", await Copy($"{line}{line}\na\n{line}"));
    }

    private static async Task<string> Copy(string text)
    {
        using var source = new MemoryStream(Encoding.ASCII.GetBytes(text));
        using var copied = new MemoryStream();
        await JsonLines.CopyAsync(source, copied, (line, _) => ValueTask.FromResult<byte[]?>(line.ToArray()), TestContext.Current.CancellationToken);
        return Encoding.ASCII.GetString(copied.ToArray());
    }
}
