using System.Text;

namespace Gateway.Policy.Files.Yaml;

/// <summary>Reads a YAML file from disk within bounds: 1 MiB, strict UTF-8, no control characters.</summary>
internal static class YamlFile
{
    public const int MaxBytes = 1 << 20;

    private static readonly UTF8Encoding StrictUtf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>The file's document, or null where something made it unreadable; that is then among the findings.</summary>
    public static YamlNode? Read(string path, Findings findings) =>
        ReadBytes(path, findings) is { } bytes ? Read(path, bytes, findings) : null;

    /// <summary>The document in bytes that were read before: what was looked at is what counts.</summary>
    public static YamlNode? Read(string path, byte[] bytes, Findings findings)
    {
        var text = Decode(path, bytes, findings);
        return text is null ? null : Parse(path, text, findings);
    }

    private static YamlNode? Parse(string path, string text, Findings findings)
    {
        if (FindControl(path, text) is not { } control) return new YamlDocumentReader(path, text, findings).Read();
        findings.Error(control, "a control character; only line breaks and tabs are allowed");
        return null;
    }

    /// <summary>The file's bytes, or null and a finding.</summary>
    public static byte[]? ReadBytes(string path, Findings findings)
    {
        try
        {
            using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            var buffer = new byte[MaxBytes + 1];
            var length = stream.ReadAtLeast(buffer, buffer.Length, throwOnEndOfStream: false);
            if (length <= MaxBytes) return buffer[..length];
            findings.Error(SourcePosition.Whole(path), "larger than 1 MiB; split it into several files");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            findings.Error(SourcePosition.Whole(path), $"cannot be read: {FirstLine(e.Message)}");
        }

        return null;
    }

    private static string? Decode(string path, byte[] bytes, Findings findings)
    {
        try
        {
            return StrictUtf8.GetString(bytes.AsSpan().StartsWith("\uFEFF"u8) ? bytes.AsSpan(3) : bytes);
        }
        catch (DecoderFallbackException)
        {
            findings.Error(SourcePosition.Whole(path), "not UTF-8; save it as UTF-8");
            return null;
        }
    }

    private static SourcePosition? FindControl(string path, string text)
    {
        var (line, column) = (1, 1);
        foreach (var c in text)
        {
            if (c == '\n')
            {
                (line, column) = (line + 1, 1);
                continue;
            }

            if (c is not ('\t' or '\r') && char.IsControl(c)) return new SourcePosition(path, line, column);
            column++;
        }

        return null;
    }

    private static string FirstLine(string message) => message.Split('\n')[0].TrimEnd('\r', '.');
}
