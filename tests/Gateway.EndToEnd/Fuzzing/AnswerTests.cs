using Xunit;

namespace Gateway.EndToEnd.Fuzzing;

/// <summary>The fuzzer finds a word in an answer wherever it hides.</summary>
public sealed class AnswerTests
{
    private const string Head = "HTTP/1.1 200 OK\r\nContent-Type: x\r\n";

    [Theory]
    [InlineData(Head + "X-Docker-Container-Path-Stat: eyJuYW1lIjoienFjYW5hcnkifQ==\r\n\r\n")]
    [InlineData(Head + "\r\n{\"Name\":\"zqcanary\"}")]
    [InlineData(Head + "\r\n{\"Name\":\"zq\\u0063anary\"}")]
    [InlineData(Head + "\r\n{\"Name\":\"zqcan\\ary\"}")]
    [InlineData(Head + "Transfer-Encoding: chunked\r\n\r\n3\r\nzqc\r\n5\r\nanary\r\n0\r\n\r\n")]
    [InlineData(Head + "\r\n\u0001\0\0\0\0\0\0\u0003zqc\u0002\0\0\0\0\0\0\u0005anary")]
    [InlineData(Head + "Transfer-Encoding: chunked\r\n\r\nb\r\n\u0001\0\0\0\0\0\0\u0003zqc\r\nd\r\n\u0001\0\0\0\0\0\0\u0005anary\r\n0\r\n\r\n")]
    public void FindsAWordInAnyForm(string answer) => Assert.Contains("zqcanary", Answer.Decoded(answer), StringComparison.Ordinal);
}
