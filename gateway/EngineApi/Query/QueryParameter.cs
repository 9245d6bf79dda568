namespace Gateway.EngineApi.Query;

/// <summary>Reads one value of a parameter as the engine reads it, and gives the value to forward; null drops the parameter, which says the same.</summary>
/// <exception cref="RequestRefusedException">The value is none that the parameter has.</exception>
internal delegate string? QueryValueReader(string name, string value, EngineOperation operation);

/// <summary>One query parameter of one operation.</summary>
/// <param name="Name">Exact: the engine's query names have case.</param>
/// <param name="Repeats">True where the engine reads every occurrence; each is read and kept.</param>
internal sealed record QueryParameter(string Name, QueryValueReader Read, bool Repeats = false)
{
    /// <summary>The same parameter where the engine reads all of its occurrences.</summary>
    public QueryParameter Many => this with { Repeats = true };
}
