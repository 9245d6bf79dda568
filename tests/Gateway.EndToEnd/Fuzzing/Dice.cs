namespace Gateway.EndToEnd.Fuzzing;

/// <summary>All chance of one case: the same seed gives the same case.</summary>
internal sealed class Dice(int seed)
{
    private readonly Random random = new(seed);

    public int Below(int bound) => random.Next(bound);

    public bool OneIn(int n) => random.Next(n) == 0;

    public T Of<T>(IReadOnlyList<T> choices) => choices[random.Next(choices.Count)];

    public IEnumerable<T> Some<T>(IReadOnlyList<T> choices, int atMost)
    {
        for (var i = random.Next(atMost + 1); i > 0; i--)
        {
            yield return Of(choices);
        }
    }
}
