namespace CertsTool.Checks;

/// <summary>Something that is wrong, with what to do about it.</summary>
/// <param name="Damage">True where a file is missing or unreadable, rather than odd.</param>
internal sealed record Finding(string Path, string Text, bool Damage = false)
{
    public override string ToString() => $"{Path}: {Text}";
}
