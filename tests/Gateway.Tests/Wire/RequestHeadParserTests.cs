using System.Text;
using Gateway.Wire;
using Xunit;

namespace Gateway.Tests.Wire;

/// <summary>Heads that two readers could take differently are refused (threats §2.2).</summary>
public class RequestHeadParserTests
{
    public static TheoryData<string> Accepted { get; } =
    [
        "GET /info HTTP/1.1\r\nHost: x\r\n\r\n",
        "GET /info HTTP/1.1\r\nhost:x\r\n\r\n",
        "GET /info HTTP/1.1\r\nHost: x\r\nX-Empty:\r\nAccept:\t*/*\t\r\n\r\n",
        "POST /a HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\n\r\n",
        "POST /a HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: CHUNKED\r\n\r\n",
        "POST /a HTTP/1.1\r\nHost: x\r\nExpect: 100-Continue\r\nContent-Length: 5\r\n\r\n",
        "POST /a HTTP/1.1\r\nHost: x\r\nContent-Encoding: Identity\r\nContent-Length: 5\r\n\r\n",
        "GET /a HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\n\r\n",
        "GET /a HTTP/1.1\r\nHost: x\r\nAccept: a\r\nAccept: b\r\n\r\n",
        "POST /grpc HTTP/1.1\r\nHost: \r\nConnection: Upgrade\r\nUpgrade: h2c\r\n\r\n",
        "BREW /a HTTP/1.1\r\nHost: x\r\n\r\n",
    ];

    public static TheoryData<string, int> Refused { get; } = new()
    {
        { "GET /info HTTP/1.1\r\n\r\n", 400 },
        { "GET /info HTTP/1.1\r\nHost:\r\nHost: x\r\n\r\n", 400 },
        { "GET /info HTTP/1.1\r\nHost: x\r\nhost: x\r\n\r\n", 400 },
        { "GET /info HTTP/1.0\r\nHost: x\r\n\r\n", 505 },
        { "GET /info HTTP/2.0\r\nHost: x\r\n\r\n", 505 },
        { "PRI * HTTP/2.0\r\n\r\n", 400 },
        { "GET /info http/1.1\r\nHost: x\r\n\r\n", 505 },
        { "GET /info\r\nHost: x\r\n\r\n", 400 },
        { "GET  /info HTTP/1.1\r\nHost: x\r\n\r\n", 400 },
        { "GET /in fo HTTP/1.1\r\nHost: x\r\n\r\n", 400 },
        { "GET\t/info\tHTTP/1.1\r\nHost: x\r\n\r\n", 400 },
        { " GET /info HTTP/1.1\r\nHost: x\r\n\r\n", 400 },
        { "G(T /info HTTP/1.1\r\nHost: x\r\n\r\n", 400 },
        { "\r\nGET /info HTTP/1.1\r\nHost: x\r\n\r\n", 400 },
        { "\r\n", 400 },
        { "GET /info HTTP/1.1\r\n Host: x\r\n\r\n", 400 },
        { "GET /info HTTP/1.1\r\nHost: x\r\nA: b\r\n c: d\r\n\r\n", 400 },
        { "GET /info HTTP/1.1\r\nHost: x\r\nA: b\r\n\tc\r\n\r\n", 400 },
        { "GET /info HTTP/1.1\r\nHost: x\r\nContent-Length : 1\r\n\r\n", 400 },
        { "GET /info HTTP/1.1\r\nHost: x\r\nA\tB: c\r\n\r\n", 400 },
        { "GET /info HTTP/1.1\r\nHost: x\r\n: c\r\n\r\n", 400 },
        { "GET /info HTTP/1.1\r\nHost: x\r\nnothing\r\n\r\n", 400 },
        { "GET /info HTTP/1.1\r\nHost: x\r\nA: b\0c\r\n\r\n", 400 },
        { "GET /info HTTP/1.1\r\nHost: x\r\nA: \u007f\r\n\r\n", 400 },
        { "GET /info HTTP/1.1\r\nHost: x\r\nA: \u00e9\r\n\r\n", 400 },
        { "GET /info\u0000 HTTP/1.1\r\nHost: x\r\n\r\n", 400 },
        { "GET /info HTTP/1.1\nHost: x\n\n", 400 },
        { "GET /info HTTP/1.1\r\nHost: x\nA: b\r\n\r\n", 400 },
        { "GET /info HTTP/1.1\r\nHost: x\rA: b\r\n\r\n", 400 },
        { "POST /a HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n", 400 },
        { "POST /a HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nContent-Length: 1\r\n\r\n", 400 },
        { "POST /a HTTP/1.1\r\nHost: x\r\nContent-Length: 1, 1\r\n\r\n", 400 },
        { "POST /a HTTP/1.1\r\nHost: x\r\nContent-Length: +1\r\n\r\n", 400 },
        { "POST /a HTTP/1.1\r\nHost: x\r\nContent-Length: -1\r\n\r\n", 400 },
        { "POST /a HTTP/1.1\r\nHost: x\r\nContent-Length: 0x1\r\n\r\n", 400 },
        { "POST /a HTTP/1.1\r\nHost: x\r\nContent-Length: 1 1\r\n\r\n", 400 },
        { "POST /a HTTP/1.1\r\nHost: x\r\nContent-Length:\r\n\r\n", 400 },
        { "POST /a HTTP/1.1\r\nHost: x\r\nContent-Length: 9999999999999999999\r\n\r\n", 400 },
        { "POST /a HTTP/1.1\r\nHost: x\r\nTransfer-Encoding:\r\n\r\n", 400 },
        { "POST /a HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: identity\r\n\r\n", 400 },
        { "POST /a HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked, chunked\r\n\r\n", 400 },
        { "POST /a HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: gzip, chunked\r\n\r\n", 400 },
        { "POST /a HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: xchunked\r\n\r\n", 400 },
        { "POST /a HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n", 400 },
        { "POST /a HTTP/1.1\r\nHost: x\r\nExpect: 200-ok\r\nContent-Length: 1\r\n\r\n", 417 },
        { "POST /a HTTP/1.1\r\nHost: x\r\nContent-Encoding: gzip\r\nContent-Length: 1\r\n\r\n", 415 },
        { "POST /a HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Type: text/plain\r\n\r\n", 400 },
        { "POST /a HTTP/1.1\r\nHost: x\r\nX-Registry-Auth: e30=\r\nX-Registry-Auth: e30=\r\n\r\n", 400 },
        { "GET /a HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\n\r\n", 400 },
        { "HEAD /a HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n", 400 },
        { "DELETE /a HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\n\r\n", 400 },
        { "BREW /a HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\n\r\n", 400 },
    };

    [Theory]
    [MemberData(nameof(Accepted))]
    public void ReadsAHeadThatHasOneMeaning(string head) => Assert.Null(Parse(head).Defect);

    [Theory]
    [MemberData(nameof(Refused))]
    public void RefusesAHeadThatHasTwoMeanings(string head, int status) => Assert.Equal(status, Parse(head).Defect?.Status);

    [Fact]
    public void BoundsTheTarget() => Assert.Equal(414, Parse($"GET /{new string('a', 8 << 10)} HTTP/1.1\r\nHost: x\r\n\r\n").Defect?.Status);

    [Fact]
    public void BoundsTheFields() => Assert.Equal(431, Parse($"GET / HTTP/1.1\r\nHost: x\r\n{string.Concat(Enumerable.Repeat("A: b\r\n", 100))}\r\n").Defect?.Status);

    [Fact]
    public void ClosesWhereAnyConnectionHeadSaysSo() =>
        Assert.True(Parse("GET / HTTP/1.1\r\nHost: x\r\nConnection: keep-alive\r\nConnection: Upgrade, Close\r\n\r\n").Close);

    private static RequestHead Parse(string head) => RequestHeadParser.Parse(Encoding.Latin1.GetBytes(head));
}
