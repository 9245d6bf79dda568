namespace Gateway.Policy.Files.Yaml;

/// <summary>A value of a policy file with its place; what it means is decided by who binds it, never by YAML's own types.</summary>
internal abstract record YamlNode(SourcePosition At)
{
    /// <summary>What an error message calls this kind of value.</summary>
    public abstract string Kind { get; }
}

/// <summary>A scalar, always text.</summary>
/// <param name="IsPlain">Written without quotes and not as a block.</param>
internal sealed record YamlText(SourcePosition At, string Value, bool IsPlain) : YamlNode(At)
{
    public override string Kind => IsPlain && Value.Length == 0 ? "nothing" : "text";
}

internal sealed record YamlList(SourcePosition At, IReadOnlyList<YamlNode> Items) : YamlNode(At)
{
    public override string Kind => "a list";
}

/// <summary>A mapping whose keys are texts, each at most once.</summary>
internal sealed record YamlMap(SourcePosition At, IReadOnlyList<YamlEntry> Entries) : YamlNode(At)
{
    public override string Kind => "a mapping";
}

internal sealed record YamlEntry(YamlText Key, YamlNode Value);
