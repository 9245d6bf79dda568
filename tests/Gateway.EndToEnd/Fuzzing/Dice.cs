namespace Gateway.EndToEnd.Fuzzing;

/// <summary>
/// All chance of one case: the same seed gives the same case, on every platform. SplitMix64 (Steele, Lea, Flood 2014), since what
/// <see cref="Random"/> gives for one seed tells much of what it gives for the next, and so some cases would never come.
/// </summary>
internal sealed class Dice(int seed)
{
    private ulong state = (ulong)seed;

    public int Below(int bound) => (int)(Next() % (ulong)bound);

    public bool OneIn(int n) => Below(n) == 0;

    public T Of<T>(IReadOnlyList<T> choices) => choices[Below(choices.Count)];

    public IEnumerable<T> Some<T>(IReadOnlyList<T> choices, int atMost)
    {
        for (var i = Below(atMost + 1); i > 0; i--)
        {
            yield return Of(choices);
        }
    }

    private ulong Next()
    {
        unchecked
        {
            state += 0x9E3779B97F4A7C15;
            var mixed = (state ^ (state >> 30)) * 0xBF58476D1CE4E5B9;
            mixed = (mixed ^ (mixed >> 27)) * 0x94D049BB133111EB;
            return mixed ^ (mixed >> 31);
        }
    }
}
