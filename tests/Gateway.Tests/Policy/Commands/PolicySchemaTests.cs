using System.Text.Json;
using Gateway.EngineApi;
using Gateway.Policy.Commands;
using Gateway.Policy.Files.Values;
using Gateway.Tests.Policy.Files.Support;
using Xunit;

namespace Gateway.Tests.Policy.Commands;

/// <summary>The schema that editors complete from says what the code reads.</summary>
public sealed class PolicySchemaTests
{
    private static readonly JsonElement Schema = JsonDocument.Parse(PolicySchemaCommand.Text()).RootElement;

    [Fact]
    public void IsTheFileBesideThePolicies() => Assert.Equal(File.ReadAllText(Path.Combine(ShippedPolicies.Folder, "policy.schema.json")), PolicySchemaCommand.Text());

    [Fact]
    public void EnumeratesEveryOperationAndPattern()
    {
        var listed = Strings(Schema.GetProperty("$defs").GetProperty("operations").GetProperty("items").GetProperty("enum"));
        Assert.Empty(OperationCatalogue.All.Select(o => o.Name).Except(listed));
        Assert.All(listed, text => Assert.True(OperationPattern.TryParse(text, out _, out var problem), problem));
        Assert.Equal(listed.Count, listed.Distinct().Count());
    }

    [Fact]
    public void EnumeratesEveryCapability() =>
        Assert.All(Strings(Grant("capabilities").GetProperty("items").GetProperty("anyOf")[0].GetProperty("enum")), name => Assert.True(Capability.TryParse(name, out _, out var problem), problem));

    [Fact]
    public void EnumeratesHostNamespaces() =>
        Assert.All(Strings(Grant("host-namespaces").GetProperty("items").GetProperty("enum")), name => Assert.True(Words.HostNamespace(name, out _, out var problem), problem));

    [Fact]
    public void DescribesEveryGrant() =>
        Assert.All(Schema.GetProperty("$defs").GetProperty("grants").GetProperty("properties").EnumerateObject(), grant => Assert.True(grant.Value.TryGetProperty("description", out _), grant.Name));

    private static JsonElement Grant(string key) => Schema.GetProperty("$defs").GetProperty("grants").GetProperty("properties").GetProperty(key);

    private static List<string> Strings(JsonElement array) => [.. array.EnumerateArray().Select(item => item.GetString()!)];
}
