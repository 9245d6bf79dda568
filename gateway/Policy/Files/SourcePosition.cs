namespace Gateway.Policy.Files;

/// <summary>A place in a policy file, counted from 1; line 0 is the file or folder as a whole.</summary>
internal readonly record struct SourcePosition(string File, int Line, int Column) : IComparable<SourcePosition>
{
    public static SourcePosition Whole(string file) => new(file, 0, 0);

    public int CompareTo(SourcePosition other)
    {
        var byFile = string.CompareOrdinal(File, other.File);
        return byFile != 0 ? byFile : (Line, Column).CompareTo((other.Line, other.Column));
    }

    public static bool operator <(SourcePosition left, SourcePosition right) => left.CompareTo(right) < 0;

    public static bool operator >(SourcePosition left, SourcePosition right) => left.CompareTo(right) > 0;

    public static bool operator <=(SourcePosition left, SourcePosition right) => left.CompareTo(right) <= 0;

    public static bool operator >=(SourcePosition left, SourcePosition right) => left.CompareTo(right) >= 0;

    public override string ToString() => Line == 0 ? File : $"{File}:{Line}:{Column}";
}
