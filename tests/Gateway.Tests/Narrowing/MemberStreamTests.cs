using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Gateway.Forwarding;
using Gateway.Narrowing;
using Gateway.Objects;
using Xunit;

namespace Gateway.Tests.Narrowing;

/// <summary>I65: an answer that cannot be read where it is narrowed is passed on in no part.</summary>
public sealed class MemberStreamTests
{
    [Theory]
    [InlineData("""{"Volumes":[{"n":"a"},{"n":"b"},{"n":"c","x":[1,{"y":[]}]}],"Warnings":null}""", """{"Volumes":[{"n":"a"},{"n":"c","x":[1,{"y":[]}]}]}""")]
    [InlineData("""{"LayersSize":7,"Other":[{"n":"a"}],"Deep":{"Volumes":[{"n":"a"}]},"Volumes":[],"Images":[{"n":"i"}]}""", """{"Volumes":[],"Images":[{"n":"i"}]}""")]
    [InlineData("""{"Volumes":null}""", "{}")]
    [InlineData(" {} ", "{}")]
    public async Task KeepsWhatIsToBeKept(string answer, string kept)
    {
        foreach (var piece in (int[])[1, 3, 1 << 20])
        {
            Assert.Equal(kept, await Narrow(answer, piece));
        }
    }

    [Theory]
    [InlineData("[]")]
    [InlineData("null")]
    [InlineData("")]
    [InlineData("{")]
    [InlineData("{\"Volumes\":[{}")]
    [InlineData("{\"Volumes\":[{},]}")]
    [InlineData("{\"Volumes\":[{\"n\":}]}")]
    [InlineData("{}{}")]
    public async Task I65_RefusesWhatIsNoObjectOfLists(string text) => await Assert.ThrowsAsync<EngineAnswerException>(() => Narrow(text, 1 << 20));

    [Fact]
    public async Task RefusesWhatIsTooDeepOrTooLong()
    {
        await Assert.ThrowsAsync<EngineAnswerException>(() => Narrow($"{{\"Volumes\":[{new string('[', 200)}{new string(']', 200)}]}}", 1 << 20));
        await Assert.ThrowsAsync<EngineAnswerException>(() => Narrow($"{{\"Volumes\":[{string.Join(',', Enumerable.Repeat($"\"{new string('x', 3 << 20)}\"", 23))}]}}", 1 << 20));
        Assert.Equal("{}", await Narrow($"{{\"Other\":[{string.Join(',', Enumerable.Repeat($"\"{new string('x', 3 << 20)}\"", 23))}]}}", 1 << 20));
    }

    private static async Task<string> Narrow(string answer, int piece)
    {
        Func<JsonElement, JsonNode?> keep = element => Json.String(element, "n") == "b" ? null : JsonNodes.Of(element);
        var lists = new Dictionary<string, Func<JsonElement, JsonNode?>> { ["Volumes"] = keep, ["Images"] = keep };
        using var stream = new PieceStream(Encoding.UTF8.GetBytes(answer), piece);
        return (await MemberStream.NarrowAsync(stream, lists, TestContext.Current.CancellationToken)).ToJsonString();
    }

    /// <summary>Gives no more than so many bytes at once.</summary>
    private sealed class PieceStream(byte[] bytes, int piece) : MemoryStream(bytes)
    {
        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
            base.ReadAsync(buffer[..Math.Min(buffer.Length, piece)], cancellationToken);
    }
}
