using Gateway.Serve;
using Serilog.Events;
using Serilog.Parsing;
using Xunit;

namespace Gateway.Tests.Serve;

public sealed class ClientsDoingTests
{
    [Theory]
    [InlineData("RequestBodyDrainBodyReaderInvalidState", true)]
    [InlineData("ApplicationError", false)]
    [InlineData(null, false)]
    public void LeavesOutTheDrainOfABrokenBodyAlone(string? name, bool leftOut)
    {
        var id = new StructureValue([new LogEventProperty("Id", new ScalarValue(7)), new LogEventProperty("Name", new ScalarValue(name))]);
        var logged = new LogEvent(DateTimeOffset.UnixEpoch, LogEventLevel.Error, null, new MessageTemplateParser().Parse("x"), name is null ? [] : [new LogEventProperty("EventId", id)]);

        Assert.Equal(leftOut, ClientsDoing.IsMeant(logged));
    }
}
