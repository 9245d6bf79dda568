using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace Gateway.Policy.Files.Yaml;

/// <summary>
/// Reads the one document of a file from YAML's events and refuses everything that makes one text mean two things: anchors,
/// aliases, tags, merge keys, keys that are not text or stand twice. Events, because a finished YAML tree has already followed
/// the aliases and descended as deep as the file said.
/// </summary>
internal sealed class YamlDocumentReader(string file, string text, Findings findings)
{
    public const int MaxDepth = 16;

    private readonly Parser _parser = new(new StringReader(text));
    private bool _refused;

    /// <summary>The document, or null where the file is refused as a whole; why is then among the findings.</summary>
    public YamlNode? Read()
    {
        try
        {
            var node = ReadStream();
            return _refused ? null : node;
        }
        catch (YamlException e)
        {
            Refuse(At(e.Start), SyntaxMessage(e));
            return null;
        }
    }

    private YamlNode? ReadStream()
    {
        Next();
        if (Next() is not DocumentStart)
        {
            Refuse(new SourcePosition(file, 1, 1), "the file is empty; write at least \"version: 1\"");
            return null;
        }

        Next();
        var node = ReadNode(depth: 1);
        Next();
        if (Next() is DocumentStart second) Refuse(At(second.Start), "a second document in one file; put it into a file of its own");
        return node;
    }

    // Stands on the node's first event when called, and on its last one when it returns.
    private YamlNode? ReadNode(int depth)
    {
        var at = At(Current.Start);
        if (depth > MaxDepth)
        {
            // Nothing after this can be worth reading, and the parser would follow it down.
            throw new YamlException(Current.Start, Current.End, $"nested more than {MaxDepth} deep");
        }

        if (Current is AnchorAlias)
        {
            Refuse(at, "an alias (*name) is not allowed here; to write text that begins with \"*\", quote it");
            return null;
        }

        if (Current is NodeEvent marked) RefuseMarks(marked, at);
        return Current switch
        {
            Scalar scalar => new YamlText(at, scalar.Value, scalar.Style == ScalarStyle.Plain),
            SequenceStart => ReadList(at, depth),
            MappingStart => ReadMap(at, depth),
            var other => throw new YamlException(other.Start, other.End, "expected a value"),
        };
    }

    private YamlList ReadList(SourcePosition at, int depth)
    {
        var items = new List<YamlNode>();
        while (Next() is not SequenceEnd)
        {
            if (ReadNode(depth + 1) is { } item) items.Add(item);
        }

        return new YamlList(at, items);
    }

    private YamlMap ReadMap(SourcePosition at, int depth)
    {
        var entries = new List<YamlEntry>();
        var seen = new Dictionary<string, SourcePosition>(StringComparer.Ordinal);
        while (Next() is not MappingEnd)
        {
            var key = ReadNode(depth + 1);
            Next();
            var value = ReadNode(depth + 1);
            if (key is null || value is null) continue;
            if (key is not YamlText name)
            {
                Refuse(key.At, $"a key must be text, not {key.Kind}");
            }
            else if (name is { Value: "<<", IsPlain: true })
            {
                Refuse(name.At, "a merge key (<<) is not allowed; write the entries out");
            }
            else if (!seen.TryAdd(name.Value, name.At))
            {
                findings.Error(name.At, $"duplicate key {Quoted.Text(name.Value)}; it already stands at {seen[name.Value]}");
            }
            else
            {
                entries.Add(new YamlEntry(name, value));
            }
        }

        return new YamlMap(at, entries);
    }

    private void RefuseMarks(NodeEvent node, SourcePosition at)
    {
        if (!node.Anchor.IsEmpty) Refuse(at, $"an anchor (&{node.Anchor.Value}) is not allowed; write the value out where it is needed");
        if (!node.Tag.IsEmpty) Refuse(at, "a tag (!…) is not allowed; every value is read as text");
    }

    private string SyntaxMessage(YamlException e)
    {
        var message = $"{char.ToLowerInvariant(e.Message[0])}{e.Message[1..].TrimEnd('.')}";
        return CharacterAt(e.Start) == '*' ? "a text that begins with \"*\" must be quoted: write \"*\"" : message;
    }

    private char? CharacterAt(Mark mark) => mark.Index >= 0 && mark.Index < text.Length ? text[(int)mark.Index] : null;

    private ParsingEvent Current => _parser.Current!;

    private ParsingEvent Next()
    {
        try
        {
            return _parser.MoveNext() ? Current : throw new YamlException("the file ends too early");
        }
        catch (InvalidOperationException)
        {
            // The scanner's answer to a key that is broken over two lines inside brackets; it has no position of its own.
            var near = _parser.Current?.End ?? new Mark(0, 1, 1);
            throw new YamlException(near, near, "cannot be read on from here; is a quote, comma or bracket missing, or a line broken?");
        }
    }

    private SourcePosition At(Mark mark) => new(file, (int)mark.Line, (int)mark.Column);

    private void Refuse(SourcePosition at, string message)
    {
        _refused = true;
        findings.Error(at, message);
    }
}
