using Xunit;

namespace Gateway.EndToEnd.Support;

/// <summary>The tests on Debian's engine share one gateway and run one after the other: they share its users, too.</summary>
[CollectionDefinition(Name)]
public sealed class DebianEngine : ICollectionFixture<DebianHost>
{
    public const string Name = "debian";
}

/// <summary>The tests on a current engine, likewise.</summary>
[CollectionDefinition(Name)]
public sealed class ModernEngine : ICollectionFixture<ModernHost>
{
    public const string Name = "modern";
}
