using Gateway.EngineApi;
using Gateway.EngineApi.Documents;
using Gateway.Policy.Checks;
using Gateway.Tests.Policy.Checks.Support;
using Xunit;

namespace Gateway.Tests.Policy.Checks;

/// <summary>Nothing that a request can say is overlooked: each field and parameter is read by a check, or harmless for a reason.</summary>
public sealed class CheckCatalogueTests
{
    /// <summary>Harmless fields of free text that are recorded: what somebody looked at and found no place for a secret.</summary>
    private static readonly string[] TextsWithoutSecrets = ["HostConfig.Mounts.Consistency", "DetachKeys", "Volumes"];

    public static TheoryData<string> Operations => [.. CheckCatalogue.All.Select(checks => checks.Operation.Name)];

    public static TheoryData<string> JudgedOperations => [.. CheckCatalogue.All.Where(checks => checks is not RootOnlyChecks).Select(checks => checks.Operation.Name)];

    [Theory]
    [MemberData(nameof(JudgedOperations))]
    public void ReadsEveryFieldOrCallsItHarmless(string name)
    {
        var checks = Of(name);
        None(Fields(checks).Where(field => !Read(checks).Any(read => Covers(read, field)) && checks.Harmless.All(h => h.Path != field)));
    }

    [Theory]
    [MemberData(nameof(Operations))]
    public void NamesOnlyFieldsThatExist(string name)
    {
        var checks = Of(name);
        var known = Fields(checks).ToList();
        None(Read(checks).Concat(checks.Harmless.Select(h => h.Path)).Concat(checks.Recorded).Where(path => !known.Exists(field => Covers(path, field))));
    }

    [Theory]
    [MemberData(nameof(Operations))]
    public void CallsNoFieldHarmlessThatACheckReads(string name)
    {
        var checks = Of(name);
        None(checks.Harmless.Select(h => h.Path).Where(path => Read(checks).Any(read => Covers(read, path))));
        None(checks.Harmless.GroupBy(h => h.Path).Where(group => group.Count() > 1).Select(group => group.Key));
        Assert.All(checks.Harmless, harmless => Assert.True(harmless.Reason.Length > 10, harmless.Path));
    }

    /// <summary>One list: what is recorded. A field that a record would hold neither as it is nor as a secret is one that nobody decided on.</summary>
    [Theory]
    [MemberData(nameof(Operations))]
    public void RecordsEveryFieldThatIsNoSecret(string name)
    {
        var checks = Of(name);
        None(Fields(checks).Where(field => !checks.Records(field) && !SecretFields.Holds(field)));
    }

    [Fact]
    public void RecordsNoHarmlessTextThatNobodyLookedAt()
    {
        var texts = CheckCatalogue.All.Where(checks => checks.Document is not null).SelectMany(checks => checks.Harmless.Where(field => IsText(checks.Document!, field.Path)));
        None(texts.Select(field => field.Path).Distinct().Where(path => !SecretFields.Holds(path)).Except(TextsWithoutSecrets));
    }

    [Fact]
    public void HasEveryOperationThatSaysSomething()
    {
        var missing = OperationCatalogue.All.Where(o => CheckCatalogue.For(o) is null && (o.Body == BodyKind.Json || o.QueryNames.Count > 0));
        None(missing.Select(o => o.Name));
    }

    [Fact]
    public void GivesEachCheckOfAnOperationItsOwnId() =>
        Assert.All(CheckCatalogue.All, checks => Assert.Equal(checks.Checks.Select(c => c.Id).Distinct(), checks.Checks.Select(c => c.Id)));

    [Fact]
    public void KnowsASecretForWhatItIs()
    {
        var known = CheckCatalogue.All.SelectMany(Fields).ToHashSet(StringComparer.Ordinal);
        None(SecretFields.All.Where(field => !known.Contains(field)));
        Assert.All(CheckCatalogue.All, checks => None(checks.Recorded.Intersect(SecretFields.All)));
        Assert.Contains("HostConfig.Sysctls", Of("ContainerCreate").Recorded);
    }

    [Fact]
    public void AsksOnlyForGrantsThatPoliciesHave() =>
        Assert.All(CheckCatalogue.All.SelectMany(c => c.Checks).Where(c => c.Grant is not null), check =>
            Assert.Contains(check.Grant, Gateway.Policy.Files.GrantsReader.Keys));

    [Fact]
    public void HasACheckForEveryGrant()
    {
        var asked = CheckCatalogue.All.SelectMany(c => c.Checks).Select(c => c.Grant).ToHashSet();
        None(Gateway.Policy.Files.GrantsReader.Keys.Where(key => !asked.Contains(key)));
    }

    private static bool IsText(Type document, string path)
    {
        var shape = DocumentShape.Of(document);
        foreach (var name in path.Split('.').Where(name => !name.StartsWith('?')))
        {
            while (shape.Fields.Count == 0 && shape.Entry is { } entry)
            {
                shape = entry;
            }

            shape = shape.Fields[name].Shape;
        }

        return shape.Kind is ValueKind.Text or ValueKind.Bytes or ValueKind.List or ValueKind.TextOrList or ValueKind.Map;
    }

    private static void None(IEnumerable<string> found) => Assert.Equal("", string.Join(", ", found));

    private static OperationChecks Of(string name) => CheckCatalogue.For(OperationCatalogue.Get(name))!;

    private static IEnumerable<string> Read(OperationChecks checks) => checks.Checks.SelectMany(check => check.Reads);

    private static IEnumerable<string> Fields(OperationChecks checks) =>
        (checks.Document is { } document ? DocumentFields.Of(document) : []).Concat(checks.Operation.QueryNames.Select(name => "?" + name));

    /// <summary><c>A.*</c> stands for all below A, any other path for itself.</summary>
    private static bool Covers(string path, string field) =>
        path == field || (path.EndsWith(".*", StringComparison.Ordinal) && field.StartsWith(path[..^1], StringComparison.Ordinal));
}
