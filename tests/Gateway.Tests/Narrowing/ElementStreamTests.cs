using System.Text;
using Gateway.Forwarding;
using Gateway.Narrowing;
using Gateway.Objects;
using Xunit;

namespace Gateway.Tests.Narrowing;

/// <summary>I65: a list that cannot be read where it is narrowed is passed on in no part.</summary>
public sealed class ElementStreamTests
{
    [Theory]
    [InlineData("""[{"n":"a"},{"n":"b"},{"n":"c"}]""", null, "[{\"n\":\"a\"},{\"n\":\"c\"}]\n")]
    [InlineData("""[{"n":"a"},{"n":"b"},{"n":"c"}]""", 1, "[{\"n\":\"a\"}]\n")]
    [InlineData("[]", null, "[]\n")]
    public async Task KeepsWhatIsToBeKept(string list, int? limit, string kept) =>
        Assert.Equal(kept, await Narrow(Encoding.UTF8.GetBytes(list), limit));

    [Theory]
    [InlineData("{}")]
    [InlineData("[{]")]
    [InlineData("[{},")]
    [InlineData("")]
    [InlineData("[] []")]
    public async Task I65_RefusesWhatIsNoList(string text) =>
        await Assert.ThrowsAsync<EngineAnswerException>(() => Narrow(Encoding.UTF8.GetBytes(text), null));

    [Fact]
    public async Task RefusesAnElementThatIsTooDeep() =>
        await Assert.ThrowsAsync<EngineAnswerException>(() => Narrow(Encoding.UTF8.GetBytes($"[{new string('[', 200)}{new string(']', 200)}]"), null));

    /// <summary>I64: how much others have is no matter of one's own list.</summary>
    [Fact]
    public async Task ReadsAListOfWhateverLengthForWhatIsToBeKept()
    {
        var others = $"{{\"n\":\"b\",\"x\":\"{new string('x', 3 << 20)}\"}},";

        Assert.Equal("[{\"n\":\"a\"}]\n", await Narrow(Encoding.UTF8.GetBytes($"[{string.Concat(Enumerable.Repeat(others, 23))}{{\"n\":\"a\"}}]"), null));
    }

    [Fact]
    public async Task LeavesOutAnElementThatIsTooLong() =>
        Assert.Equal("[{\"n\":\"a\"}]\n", await Narrow(Encoding.UTF8.GetBytes($"[{{\"n\":\"c\",\"x\":\"{new string('\\', EngineClient.MaxAnswerBytes)}\"}},{{\"n\":\"a\"}}]"), null));

    [Fact]
    public async Task RefusesMoreThanAnAnswerMayHold() =>
        await Assert.ThrowsAsync<EngineAnswerException>(() => Narrow(Encoding.UTF8.GetBytes($"[{string.Join(',', Enumerable.Repeat($"\"{new string('x', 3 << 20)}\"", 23))}]"), null));

    private static async Task<string> Narrow(byte[] list, int? limit)
    {
        using var stream = new MemoryStream(list);
        return Encoding.UTF8.GetString(await ElementStream.NarrowAsync(stream, element => Json.String(element, "n") == "b" ? null : JsonNodes.Of(element), limit, TestContext.Current.CancellationToken));
    }
}
