using System.Globalization;

namespace Gateway.Replay;

/// <summary>How often something was seen, and between when.</summary>
internal sealed class SeenUse
{
    public long Count { get; private set; }

    public DateTimeOffset First { get; private set; } = DateTimeOffset.MaxValue;

    public DateTimeOffset Last { get; private set; } = DateTimeOffset.MinValue;

    public void Add(DateTimeOffset time)
    {
        Count++;
        First = time < First ? time : First;
        Last = time > Last ? time : Last;
    }

    public void Join(SeenUse other)
    {
        Count += other.Count;
        First = other.First < First ? other.First : First;
        Last = other.Last > Last ? other.Last : Last;
    }

    public override string ToString() => Count == 1 ? $"once, {Day(First)}" : $"{Count.ToString(CultureInfo.InvariantCulture)} times, {Day(First)} to {Day(Last)}";

    private static string Day(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
}

internal static class SeenUses
{
    /// <summary>The use of that name, a new one where there is none yet.</summary>
    public static SeenUse Use(this SortedDictionary<string, SeenUse> uses, string name) => uses.TryGetValue(name, out var use) ? use : uses[name] = new SeenUse();
}
