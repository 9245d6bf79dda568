using Gateway.Tests.Wire.Support;
using Gateway.Wire;
using Xunit;

namespace Gateway.Tests.Wire;

/// <summary>What the web server is given instead of the client's bytes (threats §2.2; I2, I6, I7, I15).</summary>
public class RequestStreamTests
{
    [Fact]
    public async Task I2_WritesEveryHeadAnewWithoutAByteOfTheClients()
    {
        await using var wire = new WireConnection();
        await wire.SendAsync("POST /v1.41/containers/create?name=x HTTP/1.1\r\nHost: evil\r\nUser-Agent: x\r\nUpgrade: h2c\r\nContent-Length: 2\r\n\r\n{}");

        Assert.Equal("POST / HTTP/1.1\r\nHost: gateway\r\nContent-Length: 2\r\n\r\n", await wire.ReadAsync());
        Assert.Equal("/v1.41/containers/create?name=x", wire.Connection.Head.Target);
        Assert.Equal("{}", await wire.ReadAsync());
    }

    [Fact]
    public async Task FramesChunksAnewWithoutExtensionsAndTrailers()
    {
        await using var wire = new WireConnection();
        await wire.SendAsync("PUT /a HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n0003;evil=\"1\"\r\nabc\r\n1 \r\nd\r\n000;x\r\nHost: y\r\nA: b\r\n\r\n");
        wire.End();

        Assert.Equal("PUT / HTTP/1.1\r\nHost: gateway\r\nTransfer-Encoding: chunked\r\n\r\n0003\r\nabc\r\n0001\r\nd\r\n0\r\n\r\n", await wire.ReadAllAsync());
        Assert.Equal("x", wire.Connection.Head.Header("Host"));
        Assert.Equal(4, wire.Connection.BytesIn);
    }

    [Fact]
    public async Task I7_TakesARequestInsideABodyForTheBodyItIs()
    {
        const string hidden = "GET /info HTTP/1.1\r\nHost: x\r\n\r\n";
        await using var wire = new WireConnection();
        await wire.SendAsync($"POST /a HTTP/1.1\r\nHost: x\r\nContent-Length: {hidden.Length}\r\n\r\n{hidden}GET /b HTTP/1.1\r\nHost: x\r\n\r\n");

        await wire.ReadAsync();
        Assert.Equal(hidden, await wire.ReadAsync());
        Assert.Equal("/a", wire.Connection.Head.Target);
        Assert.Equal("GET / HTTP/1.1\r\nHost: gateway\r\n\r\n", await wire.ReadAsync());
        Assert.Equal("/b", wire.Connection.Head.Target);
    }

    [Fact]
    public async Task LeavesAPipelinedRequestUnreadUntilItIsAskedFor()
    {
        await using var wire = new WireConnection();
        await wire.SendAsync("GET /a HTTP/1.1\r\nHost: x\r\n\r\nGET /b HTTP/1.1\r\nHost: x\r\n\r\n");

        await wire.ReadAsync();

        Assert.Equal("/a", wire.Connection.Head.Target);
    }

    [Theory]
    [InlineData("POST /a HTTP/1.1\r\nHost: x\r\nContent-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n")]
    [InlineData("POST /a HTTP/1.1\r\nHost: x\r\nContent-Length: 4\r\nContent-Length: 5\r\n\r\n")]
    [InlineData("BREW /a HTTP/1.1\r\nHost: x\r\nContent-Length: 4\r\n\r\n")]
    public async Task I6_ReadsNothingBehindAHeadThatWasRefused(string head)
    {
        await using var wire = new WireConnection();
        await wire.SendAsync(head + "0\r\n\r\nGET /b HTTP/1.1\r\nHost: x\r\n\r\n");

        Assert.Equal("GET / HTTP/1.1\r\nHost: gateway\r\nConnection: close\r\n\r\n", await wire.ReadAllAsync());
        Assert.Equal(400, wire.Connection.Head.Defect?.Status);
    }

    [Theory]
    [InlineData("0x3\r\nabc\r\n0\r\n\r\n")]
    [InlineData("+3\r\nabc\r\n0\r\n\r\n")]
    [InlineData("-1\r\nabc\r\n0\r\n\r\n")]
    [InlineData(" 3\r\nabc\r\n0\r\n\r\n")]
    [InlineData("\r\nabc\r\n0\r\n\r\n")]
    [InlineData(";x\r\nabc\r\n0\r\n\r\n")]
    [InlineData("3g\r\nabc\r\n0\r\n\r\n")]
    [InlineData("00000000000003\r\nabc\r\n0\r\n\r\n")]
    [InlineData("fffffffffffffffff\r\nabc\r\n0\r\n\r\n")]
    [InlineData("3\nabc\r\n0\r\n\r\n")]
    [InlineData("3\r\r\nabc\r\n0\r\n\r\n")]
    [InlineData("3\r\nabcd\r\n0\r\n\r\n")]
    [InlineData("3\r\nabc\n0\r\n\r\n")]
    [InlineData("3\r\nabc\r\n")]
    [InlineData("3\r\nab")]
    [InlineData("3;\0\r\nabc\r\n0\r\n\r\n")]
    [InlineData("0\r\nA: b\nC: d\r\n\r\n")]
    [InlineData("0\r\n")]
    public async Task EndsAtChunksThatTwoReadersCouldTakeDifferently(string chunks)
    {
        await using var wire = new WireConnection();
        await wire.SendAsync("POST /a HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n" + chunks);
        wire.End();

        await Assert.ThrowsAsync<WireDefectException>(wire.ReadAllAsync);
        Assert.Equal(400, wire.Connection.BodyDefect?.Status);
        Assert.Empty(await wire.ReadAsync());
    }

    [Fact]
    public async Task BoundsTrailers()
    {
        await using var wire = new WireConnection();
        await wire.SendAsync($"POST /a HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n{string.Concat(Enumerable.Repeat($"A: {new string('x', 500)}\r\n", 20))}\r\n");

        wire.End();

        await Assert.ThrowsAsync<WireDefectException>(wire.ReadAllAsync);
    }

    [Fact]
    public async Task BoundsAChunksLine()
    {
        await using var wire = new WireConnection();
        await wire.SendAsync($"POST /a HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n3;{new string('x', 4096)}\r\nabc\r\n0\r\n\r\n");

        await Assert.ThrowsAsync<WireDefectException>(wire.ReadAllAsync);
    }

    [Fact]
    public async Task I15_EndsWhereABodyIsShorterThanItSays()
    {
        await using var wire = new WireConnection();
        await wire.SendAsync("POST /a HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\n{}");
        wire.End();

        await Assert.ThrowsAsync<WireDefectException>(wire.ReadAllAsync);
    }

    [Fact]
    public async Task CopiesALongBodyWhole()
    {
        var data = string.Concat(Enumerable.Range(0, 20_000).Select(i => (char)('a' + (i % 26))));
        await using var wire = new WireConnection();
        await wire.SendAsync($"PUT /a HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n{data.Length:X}\r\n{data}\r\n0\r\n\r\n");
        wire.End();

        var read = (await wire.ReadAllAsync()).Split("\r\n\r\n", 2)[1].Split("\r\n");

        Assert.Equal(data, string.Concat(read.Where((_, i) => i % 2 == 1)));
    }

    [Fact]
    public async Task EndsAHeadThatComesTooSlowly()
    {
        await using var wire = new WireConnection();
        await wire.SendAsync("GET /a HTTP/1.1\r\n");
        var reading = wire.ReadAsync();

        wire.Time.Advance(TimeSpan.FromSeconds(11));

        Assert.Contains("Connection: close", await reading, StringComparison.Ordinal);
        Assert.Equal(408, wire.Connection.Head.Defect?.Status);
    }

    [Fact]
    public async Task BoundsAHead()
    {
        await using var wire = new WireConnection();
        await wire.SendAsync("GET /a HTTP/1.1\r\nHost: x\r\nA: " + new string('a', 40 << 10));

        await wire.ReadAsync();

        Assert.Equal(431, wire.Connection.Head.Defect?.Status);
    }

    [Fact]
    public async Task RefusesAHeadThatIsCutOff()
    {
        await using var wire = new WireConnection();
        await wire.SendAsync("GET /a HTTP/1.1\r\nHost: x\r\n");
        wire.End();

        await wire.ReadAsync();

        Assert.Equal(400, wire.Connection.Head.Defect?.Status);
    }

    [Fact]
    public async Task I8_LeavesTheBytesBehindAHijackedRequestToWhoHijackedIt()
    {
        await using var wire = new WireConnection();
        await wire.SendAsync("POST /exec/x/start HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n\r\n{}typed early");
        await wire.ReadAsync();
        await wire.ReadAsync();

        var client = wire.Connection.Hijack();

        Assert.Empty(await wire.ReadAsync());
        var early = await client.Input.ReadAsync(TestContext.Current.CancellationToken);
        Assert.Equal("typed early", System.Text.Encoding.Latin1.GetString(System.Buffers.BuffersExtensions.ToArray(early.Buffer)));
    }
}
