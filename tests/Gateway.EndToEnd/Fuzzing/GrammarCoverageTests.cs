using Gateway.EngineApi;
using Xunit;

namespace Gateway.EndToEnd.Fuzzing;

/// <summary>The fuzzer's grammar reaches all that the catalogues have; no engine is asked.</summary>
public sealed class GrammarCoverageTests
{
    private const int Tries = 40_000;

    private static readonly FuzzRole Everything = FuzzRole.In("roles: {all: {rules: [{allow: ['*']}]}}").Single();

    public static TheoryData<string> Operations => [.. OperationCatalogue.All.Select(operation => operation.Name)];

    [Theory]
    [MemberData(nameof(Operations))]
    public void SendsEveryParameterAndFieldOf(string name)
    {
        var operation = OperationCatalogue.Get(name);
        var missing = GrammarCoverage.Of(operation).ToHashSet(StringComparer.Ordinal);

        for (var seed = 0; seed < Tries && missing.Count > 0; seed++)
        {
            missing.ExceptWith(GrammarCoverage.Parts(operation, FuzzCase.One(new Dice(seed), Names.OfNothing, operation)));
        }

        Assert.Empty(missing);
    }

    [Fact]
    public void ChoosesEveryOperation()
    {
        var missing = OperationCatalogue.All.Select(operation => operation.Name).ToHashSet(StringComparer.Ordinal);

        for (var seed = 0; seed < Tries && missing.Count > 0; seed++)
        {
            missing.ExceptWith(FuzzCase.Generate(seed, Everything, Names.OfNothing, Names.OfNothing).Steps.Select(step => step.Operation));
        }

        Assert.Empty(missing);
    }

    [Fact]
    public void GivesTheSameCaseForTheSameSeed()
    {
        foreach (var seed in Enumerable.Range(0, 500))
        {
            var (one, again) = (FuzzCase.Generate(seed, Everything, Names.OfNothing, Names.OfNothing), FuzzCase.Generate(seed, Everything, Names.OfNothing, Names.OfNothing));
            Assert.Equal(one.Steps, again.Steps);
        }
    }
}
