namespace Gateway.EndToEnd.Reading;

/// <summary>A structure of a generated document: its names may be spelled in any way that the engine folds.</summary>
internal sealed class Structure : List<(string Name, object? Value)>
{
    public Structure Add(string name, object? value)
    {
        base.Add((name, value));
        return this;
    }
}

/// <summary>A free map: its keys are exact.</summary>
internal sealed class FreeMap(IEnumerable<(string Key, object? Value)> entries) : List<(string Key, object? Value)>(entries);

/// <summary>A list for which engines also take one text.</summary>
internal sealed class TextOrTexts(params string[] texts) : List<string>(texts);
