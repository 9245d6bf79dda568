namespace Gateway.EngineApi.Documents;

/// <summary>A list for which the engine also takes one text (moby <c>api/types/strslice</c>); always written as a list.</summary>
internal sealed class TextOrList : List<string>
{
    public TextOrList()
    {
    }

    public TextOrList(IEnumerable<string> items)
        : base(items)
    {
    }
}
