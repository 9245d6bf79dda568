using Gateway.Tests.Objects.Support;
using Gateway.Tests.Requests.Support;
using Xunit;

namespace Gateway.Tests.Requests;

/// <summary>Of two networks of one name, made at once, none stays whose maker was not alone.</summary>
public sealed class NetworkCreationTests : IDisposable
{
    private readonly CannedEngine engine = new CannedEngine().With("POST /networks/create", """{"Id":"n1"}""", 201).With("DELETE /networks/n1", "", 204);

    public void Dispose() => engine.Dispose();

    [Theory]
    [InlineData("""[{"Id":"n1","Name":"net"},{"Id":"n2","Name":"other"}]""", 201)]
    [InlineData("""[{"Id":"n2","Name":"net"},{"Id":"n1","Name":"net"}]""", 409)]
    public async Task I45_GivesANameToOneNetwork(string networks, int status)
    {
        engine.With("/networks", networks);

        var answer = await new SomeGateway(engine).Networks.RunAsync("/networks/create", "{}"u8.ToArray(), "net", (refused, _) => ValueTask.FromResult(refused), TestContext.Current.CancellationToken);

        Assert.Equal(status, answer.Status);
        Assert.Equal(status == 409, engine.Sent.Exists(sent => sent.Line == "DELETE /networks/n1"));
    }
}
