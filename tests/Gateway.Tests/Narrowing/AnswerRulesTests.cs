using Gateway.EngineApi;
using Gateway.Narrowing;
using Xunit;

namespace Gateway.Tests.Narrowing;

public sealed class AnswerRulesTests
{
    /// <summary>I65: what has no rule is passed on to nobody who may not see everything.</summary>
    [Fact]
    public void I65_HasARuleForEveryOperationOfNarrowerRoles() => Assert.All(
        OperationCatalogue.All.Where(operation => !operation.RootEquivalentOnly),
        operation => Assert.True(AnswerRules.Of(operation.Name) is not null, operation.Name));

    [Fact]
    public void HasNoRuleForWhatIsNoOperationOfNarrowerRoles() =>
        Assert.All(AnswerRules.Operations, name => Assert.True(OperationCatalogue.Find(name) is { RootEquivalentOnly: false }, name));

    [Fact]
    public void NarrowsEveryList() => Assert.All(
        OperationCatalogue.All.Where(operation => operation.Name.EndsWith("List", StringComparison.Ordinal) && !operation.RootEquivalentOnly),
        operation => Assert.False(AnswerRules.Of(operation.Name) is AnswerRule.AsItIs, operation.Name));
}
