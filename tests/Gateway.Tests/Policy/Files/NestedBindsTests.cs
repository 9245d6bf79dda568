using Gateway.Tests.Policy.Files.Support;
using Xunit;

namespace Gateway.Tests.Policy.Files;

/// <summary>Rule B4 at load: what lies in a read-write bind can be swapped by its users.</summary>
public sealed class NestedBindsTests
{
    [Theory]
    [InlineData("/srv/a", "rw", "/srv/a/b", "ro")]
    [InlineData("/srv/${user}", "rw", "/srv/${user}/b", "rw")]
    [InlineData("/srv/${user}/b", "ro", "/srv/${user}", "rw")]
    public void RefusesWhatLiesInAReadWriteBind(string one, string oneAccess, string other, string otherAccess)
    {
        using var folder = With(one, oneAccess, other, otherAccess);

        Assert.Contains("could put a link in its place", Assert.Single(folder.Errors()), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/srv/a", "ro", "/srv/a/b", "rw")]
    [InlineData("/srv/a", "rw", "/srv/ab", "rw")]
    [InlineData("/srv/a", "rw", "/srv/a", "ro")]
    public void AcceptsFoldersBesideEachOtherAndBelowReadOnlyOnes(string one, string oneAccess, string other, string otherAccess)
    {
        using var folder = With(one, oneAccess, other, otherAccess);

        Assert.Empty(folder.Errors());
        Assert.DoesNotContain(folder.Load().Warnings, warning => warning.ToString().Contains("may lie in", StringComparison.Ordinal));
    }

    [Fact]
    public void WarnsOfAUserWhoseNameWouldNestThem()
    {
        using var folder = With("/srv/${user}", "rw", "/srv/shared/models", "ro");

        Assert.Empty(folder.Errors());
        Assert.Contains(folder.Load().Warnings, warning => warning.ToString().Contains("may lie in", StringComparison.Ordinal));
    }

    private static PolicyDirectory With(string one, string oneAccess, string other, string otherAccess)
    {
        var folder = new PolicyDirectory();
        folder.Write("p.yaml", $"version: 1\nroles:\n  a: {Role(one, oneAccess)}\n  b: {Role(other, otherAccess)}\n");
        return folder;
    }

    private static string Role(string source, string access) =>
        $"{{rules: [], grants: {{binds: [{{source: \"{source}\", access: {access}, setuid: accepted}}]}}}}";
}
