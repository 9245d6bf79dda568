using System.Text.Json;
using Gateway.EngineApi;
using Gateway.Policy;
using Gateway.Policy.Files;
using Gateway.Policy.Files.Cases;
using Gateway.Tests.Policy.Files.Support;
using Xunit;

namespace Gateway.Tests.Policy.Files;

/// <summary>The policies that come with the gateway keep to its own rules.</summary>
public sealed class ShippedPoliciesTests
{
    private static readonly AccessPolicy Shipped = Load().Policy!;

    public static TheoryData<string> Files => [.. Directory.GetFiles(ShippedPolicies.Folder, "*.test.yaml").Select(f => Path.GetFileName(f)!)];

    [Fact]
    public void LoadsWithoutErrorOrWarning()
    {
        var result = Load();
        Assert.Empty(result.Errors);
        Assert.Empty(result.Warnings);
        Assert.Equal(["admin", "ci-builder", "developer", "monitoring", "operator", "read-only", "reverse-proxy"], result.Policy!.Roles.Keys);
    }

    [Fact]
    public void GivesEveryRuleAReasonAndEveryRoleADescription() =>
        Assert.All(Shipped.Roles.Values, role =>
        {
            Assert.NotNull(role.About);
            Assert.All(role.Rules, rule => Assert.NotNull(rule.Reason));
        });

    [Fact]
    public void MarksOnlyAdminAsRootEquivalent() =>
        Assert.Equal(["admin"], Shipped.Roles.Values.Where(r => r.RootEquivalent).Select(r => r.Name));

    [Theory]
    [InlineData("developer")]
    [InlineData("ci-builder")]
    public void LetsWorkOnOwnObjectsOnly(string role) =>
        Assert.All(Shipped.Roles[role].Rules, rule => Assert.Equal(SelectorKind.Own, rule.On.Kind));

    [Theory]
    [InlineData("read-only")]
    [InlineData("monitoring")]
    [InlineData("reverse-proxy")]
    public void LetsReadOnly(string role) =>
        Assert.All(Shipped.Roles[role].Rules.SelectMany(r => r.Operations), operation =>
        {
            Assert.Equal(Effect.Read, operation.Effect);
            Assert.NotEqual(StreamKind.Download, operation.Stream);
            Assert.False(operation.RootEquivalentOnly);
            Assert.False(operation.Object is ObjectKind.Secret or ObjectKind.Config or ObjectKind.Swarm, operation.Name);
        });

    [Theory]
    [MemberData(nameof(Files))]
    public void ParsesTestFile(string name)
    {
        var result = PolicyTestFile.Load(Path.Combine(ShippedPolicies.Folder, name));
        Assert.Empty(result.Errors);
        Assert.True(result.Cases.Count >= 6, $"{name} has {result.Cases.Count} cases");
        Assert.Contains(result.Cases, c => c.ExpectsAllow);
        Assert.Contains(result.Cases, c => !c.ExpectsAllow);
    }

    [Theory]
    [MemberData(nameof(Files))]
    public void NamesRolesAndRulesThatExist(string name) =>
        Assert.All(PolicyTestFile.Load(Path.Combine(ShippedPolicies.Folder, name)).Cases, testCase =>
        {
            var role = Assert.Single(testCase.Roles!);
            if (testCase.Rule is not null) Assert.Contains(testCase.Rule, Shipped.Roles[role].Rules.Select(r => r.Id));
        });

    [Fact]
    public void HasTestFileForEveryRole() =>
        Assert.Equal(Shipped.Roles.Keys.Select(r => r + ".test.yaml").Order(), Files.Select(f => f.Data).Order());

    [Fact]
    public void TriesEveryRuleOfDeveloper()
    {
        var tried = PolicyTestFile.Load(Path.Combine(ShippedPolicies.Folder, "developer.test.yaml")).Cases.Select(c => c.Rule).ToHashSet();
        Assert.Empty(Shipped.Roles["developer"].Rules.Select(r => r.Id).Except(tried));
    }

    [Fact]
    public void ListsEveryKeyInTheSchema()
    {
        using var schema = JsonDocument.Parse(File.ReadAllText(Path.Combine(ShippedPolicies.Folder, "policy.schema.json")));
        var grants = schema.RootElement.GetProperty("$defs").GetProperty("grants").GetProperty("properties");
        Assert.Equal(GrantsReader.Keys.Order(StringComparer.Ordinal), grants.EnumerateObject().Select(p => p.Name).Order(StringComparer.Ordinal));
    }

    private static PolicyLoadResult Load() => PolicyFolder.Load(ShippedPolicies.Folder, PolicyDirectory.OrdinaryHost);
}
