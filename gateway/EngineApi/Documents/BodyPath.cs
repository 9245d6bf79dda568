using System.Text;
using System.Text.Json;

namespace Gateway.EngineApi.Documents;

/// <summary>
/// The way to the value that is being read, for messages: names as the caller wrote them, entries of lists by number. Kept as
/// places in the body, so that reading a good body makes no text.
/// </summary>
internal sealed class BodyPath
{
    private const int MaxShown = 160;
    private readonly List<(int Start, int Length, bool Exact)> parts = [];

    /// <param name="start">Where the name's token starts in the body.</param>
    /// <param name="exact">True for the key of a map, which is no field.</param>
    public void Enter(int start, int length, bool exact) => parts.Add((start, length, exact));

    /// <summary>Into the entry of that number.</summary>
    public void Enter(int index) => parts.Add((-1, index, false));

    public void Leave() => parts.RemoveAt(parts.Count - 1);

    /// <summary><c>HostConfig.Mounts[1].Source</c>; controls replaced, cut at a length that fits a log line.</summary>
    public string Text(ReadOnlySpan<byte> body)
    {
        var text = new StringBuilder();
        foreach (var (start, length, exact) in parts)
        {
            _ = start < 0 ? text.Append('[').Append(length).Append(']')
                : exact ? text.Append("[\"").Append(Name(body.Slice(start, length))).Append("\"]")
                : text.Append(text.Length == 0 ? "" : ".").Append(Name(body.Slice(start, length)));
        }

        var shown = string.Create(Math.Min(text.Length, MaxShown), text, (span, from) =>
        {
            for (var i = 0; i < span.Length; i++)
            {
                span[i] = char.IsControl(from[i]) || char.IsSurrogate(from[i]) ? '?' : from[i];
            }
        });
        return text.Length > MaxShown ? shown + "…" : shown;
    }

    private static string Name(ReadOnlySpan<byte> token)
    {
        try
        {
            var reader = new Utf8JsonReader(token);
            reader.Read();
            return reader.GetString() ?? "";
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            return "?";
        }
    }
}
