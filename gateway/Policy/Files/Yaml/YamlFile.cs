using System.Buffers;
using System.Text;
using Gateway.HostFiles;

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
        if (FindControl(path, text) is not var (control, why)) return new YamlDocumentReader(path, text, findings).Read();
        findings.Error(control, why);
        return null;
    }

    /// <summary>The file's bytes, or null and a finding.</summary>
    public static byte[]? ReadBytes(string path, Findings findings)
    {
        // To open a pipe would wait for somebody to write into it.
        using (var handle = LinuxFile.Open(path))
        {
            if (handle is not null && LinuxFile.Stat(handle) is { IsFile: false, IsDevice: false })
            {
                findings.Error(SourcePosition.Whole(path), "is no file; a policy is read from regular files only");
                return null;
            }
        }

        try
        {
            using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            var buffer = new byte[MaxBytes + 1];
            var length = stream.ReadAtLeast(buffer, buffer.Length, throwOnEndOfStream: false);
            if (length <= MaxBytes) return buffer[..length];
            findings.Error(Position(path, buffer.AsSpan(0, MaxBytes)), "the file is larger than 1 MiB, which ends here; split it into several files");
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
            var valid = FirstInvalid(bytes);
            findings.Error(Position(path, bytes.AsSpan(0, valid)), $"not UTF-8 (byte 0x{bytes[valid]:x2}); save it as UTF-8");
            return null;
        }
    }

    private static int FirstInvalid(byte[] bytes)
    {
        var at = 0;
        while (at < bytes.Length && Rune.DecodeFromUtf8(bytes.AsSpan(at), out _, out var length) == OperationStatus.Done)
        {
            at += length;
        }

        return at;
    }

    /// <summary>The place right behind valid UTF-8.</summary>
    private static SourcePosition Position(string path, ReadOnlySpan<byte> before)
    {
        var line = before[(before.LastIndexOf((byte)'\n') + 1)..];
        return new SourcePosition(path, before.Count((byte)'\n') + 1, Encoding.UTF8.GetCharCount(line) + 1);
    }

    private static (SourcePosition At, string Why)? FindControl(string path, string text)
    {
        var (line, column) = (1, 1);
        for (var i = 0; i < text.Length; i++)
        {
            var c = text[i];
            if (c == '\n')
            {
                (line, column) = (line + 1, 1);
                continue;
            }

            // What some readers take for the end of a line and others do not would let two people read two policies.
            var why = c switch
            {
                '\t' => null,
                '\r' when i + 1 < text.Length && text[i + 1] == '\n' => null,
                '\r' or '\u0085' or '\u2028' or '\u2029' => "a line break that only some programs take for one; end lines with LF or CRLF",
                _ when char.IsControl(c) => "a control character; only line breaks and tabs are allowed",
                _ => null,
            };
            if (why is not null) return (new SourcePosition(path, line, column), why);
            column++;
        }

        return null;
    }

    private static string FirstLine(string message) => message.Split('\n')[0].TrimEnd('\r', '.');
}
