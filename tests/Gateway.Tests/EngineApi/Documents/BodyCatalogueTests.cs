using Gateway.EngineApi;
using Gateway.EngineApi.Documents;
using Xunit;

namespace Gateway.Tests.EngineApi.Documents;

public class BodyCatalogueTests
{
    [Fact]
    public void HasADocumentForEveryJsonBodyAndNoOther() =>
        Assert.Equal(
            OperationCatalogue.All.Where(o => o.Body == BodyKind.Json).Select(o => o.Name).Order(StringComparer.Ordinal),
            BodyCatalogue.All.Keys.Order(StringComparer.Ordinal));

    [Theory]
    [InlineData("ExecStart", "", """{"Detach":false}""")]
    [InlineData("ImageCommit", "", "{}")]
    [InlineData("ImageCommit", "null\n", "{}")]
    [InlineData("PluginPull", "null", "[]")]
    public void KnowsWhatAnAbsentBodyStandsFor(string operation, string body, string forwarded)
    {
        var type = BodyCatalogue.All[operation];

        Assert.Equal(forwarded, System.Text.Encoding.UTF8.GetString(type.Write(type.ReadOrDefault(System.Text.Encoding.UTF8.GetBytes(body)))));
    }

    [Theory]
    [InlineData("ContainerCreate", "")]
    [InlineData("ContainerCreate", "null")]
    [InlineData("ServiceCreate", "")]
    [InlineData("PluginSet", "null")]
    public void RefusesAnAbsentBodyWhereOneIsDue(string operation, string body) =>
        Assert.Equal(400, Assert.Throws<RequestRefusedException>(() => BodyCatalogue.All[operation].ReadOrDefault(System.Text.Encoding.UTF8.GetBytes(body))).Status);

    /// <summary>Every type is built and read once, so that one without a setter or a shape fails here.</summary>
    [Fact]
    public void ReadsAnEmptyDocumentOfEveryKind()
    {
        foreach (var (operation, type) in BodyCatalogue.All)
        {
            var empty = DocumentShape.Of(type.Document).Kind == ValueKind.List ? "[]"u8 : "{}"u8;
            Assert.NotNull(type.Read(empty.ToArray()));
            Assert.NotEmpty(operation);
        }
    }
}
