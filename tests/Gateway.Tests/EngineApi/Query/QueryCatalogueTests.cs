using Gateway.EngineApi;
using Gateway.EngineApi.Query;
using Xunit;

namespace Gateway.Tests.EngineApi.Query;

/// <summary>The table of types against the catalogue, whose names in turn are held against the list of what engines route.</summary>
public class QueryCatalogueTests
{
    [Fact]
    public void TypesEveryParameterOfEveryOperationAndNoOther()
    {
        foreach (var operation in OperationCatalogue.All)
        {
            Assert.Equal(
                (operation.Name, Names: string.Join(' ', operation.QueryNames.Order(StringComparer.Ordinal))),
                (operation.Name, Names: string.Join(' ', QueryCatalogue.Of(operation).Select(p => p.Name).Order(StringComparer.Ordinal))));
        }
    }

    [Fact]
    public void NamesNoOperationThatThereIsNot() => Assert.All(QueryCatalogue.Named, name => Assert.NotNull(OperationCatalogue.Find(name)));

    [Fact]
    public void KnowsTheKeysOfEveryFilter()
    {
        foreach (var operation in OperationCatalogue.All)
        {
            Assert.Equal((operation.Name, operation.QueryNames.Contains("filters")), (operation.Name, FilterKeys.Of(operation).Count > 0));
        }
    }
}
