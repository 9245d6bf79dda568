using System.Diagnostics.CodeAnalysis;

namespace Gateway.Policy.Files.Values;

/// <summary>Turns a file's text into a value, or says what is wrong with it; the one shape all value types of policy files have.</summary>
internal delegate bool TextParser<T>(string text, [MaybeNullWhen(false)] out T value, [NotNullWhen(false)] out string? problem);
