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

    [Fact]
    public async Task RefusesAListThatIsTooLong() =>
        await Assert.ThrowsAsync<EngineAnswerException>(() => Narrow(Encoding.UTF8.GetBytes($"[{new string(' ', EngineClient.MaxAnswerBytes)}]"), null));

    private static async Task<string> Narrow(byte[] list, int? limit)
    {
        using var stream = new MemoryStream(list);
        return Encoding.UTF8.GetString(await ElementStream.NarrowAsync(stream, element => Json.String(element, "n") == "b" ? null : JsonNodes.Of(element), limit, TestContext.Current.CancellationToken));
    }
}
