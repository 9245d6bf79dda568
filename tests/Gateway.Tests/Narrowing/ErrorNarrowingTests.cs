using System.Text;
using Gateway.Forwarding;
using Gateway.Narrowing;
using Gateway.Tests.Objects.Support;
using Gateway.Tests.Policy.Support;
using Xunit;

namespace Gateway.Tests.Narrowing;

/// <summary>I40: no error names what is another's; what names nobody is left as the engine said it.</summary>
public sealed class ErrorNarrowingTests : IDisposable
{
    private static readonly string Theirs = new('a', 64);
    private static readonly string Mine = new('b', 64);

    private readonly CannedEngine engine = new CannedEngine()
        .With("/containers/json", $$$"""[{"Id":"{{{Theirs}}}","Names":["/payroll"],"Labels":{"gateway.owner":"bob"}},{"Id":"{{{Mine}}}","Names":["/web"],"Labels":{"gateway.owner":"alice"}}]""")
        .With("/networks", $$$"""[{"Id":"{{{new string('c', 64)}}}","Name":"bobs-net","Labels":{"gateway.owner":"bob"}},{"Id":"{{{new string('d', 64)}}}","Name":"bridge"}]""")
        .With("/volumes", """{"Volumes":[{"Name":"bobs-data","Labels":{"gateway.owner":"bob"}}]}""")
        .With("/images/json", """[{"Id":"sha256:x","RepoTags":["localhost/bob/app:1","busybox:latest"]}]""");

    public void Dispose() => engine.Dispose();

    [Theory]
    [InlineData("something of payroll went wrong")]
    [InlineData("cannot do that: /payroll: busy")]
    [InlineData("cannot link to aaaaaaaaaaaa")]
    [InlineData("network bobs-net is busy")]
    [InlineData("stat /var/lib/docker/volumes/bobs-data/_data: gone")]
    [InlineData("image localhost/bob/app:1 is odd")]
    public async Task I40_SaysNothingThatNamesAnother(string message) =>
        Assert.Equal("operation failed (request 1f)", await Narrowed(message));

    [Theory]
    [InlineData("OCI runtime create failed: exec: \"nope\": executable file not found in $PATH: unknown")]
    [InlineData("failed to register layer 0123456789ab: no space left on device")]
    [InlineData("driver failed programming external connectivity on endpoint web (eeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeee): Bind for 127.0.0.1:20001 failed: port is already allocated")]
    [InlineData("network bridge is fine")]
    public async Task LeavesWhatNamesNobody(string message) => Assert.Equal(message, await Narrowed(message));

    [Fact]
    public async Task CallsAnIdByTheNameThatTheCallerWrote() =>
        Assert.Equal("Container web is not running", await Narrowed($"Container {Mine} is not running"));

    [Fact]
    public async Task JudgesErrorsInsideAStream()
    {
        var narrowing = Narrowing();

        Assert.Equal("""{"stream":"payroll"}""", Encoding.UTF8.GetString((await narrowing.RewriteLineAsync("""{"stream":"payroll"}"""u8.ToArray(), TestContext.Current.CancellationToken))!));
        var error = Encoding.UTF8.GetString((await narrowing.RewriteLineAsync("""{"errorDetail":{"code":1,"message":"payroll is busy"},"error":"payroll is busy"}"""u8.ToArray(), TestContext.Current.CancellationToken))!);
        Assert.DoesNotContain("payroll", error, StringComparison.Ordinal);
        Assert.Contains("\"code\":1", error, StringComparison.Ordinal);
    }

    private async Task<string?> Narrowed(string message) => Gateway.EngineApi.EngineError.Message(
        (await Narrowing().RewriteAsync(new WholeAnswer(500, Gateway.EngineApi.EngineError.Body(message)), TestContext.Current.CancellationToken)).Body);

    private ErrorNarrowing Narrowing() =>
        new(engine.Client, new Viewer(SomeEngine.Context("alice", "GET", "/containers/web/json")), new Dictionary<string, string> { [Mine] = "web" }, "/containers/web/json", "1f");
}
