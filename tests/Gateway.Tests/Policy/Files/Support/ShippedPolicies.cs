namespace Gateway.Tests.Policy.Files.Support;

/// <summary>The <c>policies/</c> folder of the checkout that the tests were built from.</summary>
internal static class ShippedPolicies
{
    public static string Folder { get; } = Find();

    private static string Find()
    {
        var at = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(at.FullName, "Gateway.sln"))) at = at.Parent ?? throw new DirectoryNotFoundException("no Gateway.sln above the tests");
        return Path.Combine(at.FullName, "policies");
    }
}
