using System.Security.Cryptography;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Unicode;

namespace Gateway.Audit;

/// <summary>Writes a record as one JSON line and chains it: <c>hash</c> is SHA-256 over the previous hash and the line without its hash.</summary>
internal static class AuditChain
{
    public const int HashLength = 64;
    private const int MaxPath = 2048;
    private const int MaxText = 256;
    private const int MaxFields = 64;

    // Everything outside printable ASCII is escaped: control, bidi and line separators included.
    public static JsonWriterOptions Options { get; } = new() { Encoder = JavaScriptEncoder.Create(UnicodeRanges.BasicLatin) };

    /// <summary>What stands before the first record.</summary>
    public static string Start { get; } = new('0', HashLength);

    /// <summary>The line, with its newline, and its hash.</summary>
    public static (byte[] Line, string Hash) Write(AuditRecord record, long seq, string previous)
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer, Options))
        {
            json.WriteStartObject();
            Members(json, record);
            json.WriteNumber("seq", seq);
            json.WriteString("prev", previous);
            json.WriteEndObject();
        }

        var open = buffer.ToArray();
        var hash = Hash(previous, open.AsSpan(0, open.Length - 1));
        byte[] line = [.. open.AsSpan(0, open.Length - 1), .. ",\"hash\":\""u8, .. System.Text.Encoding.ASCII.GetBytes(hash), .. "\"}\n"u8];
        return (line, hash);
    }

    /// <param name="open">The record's bytes up to its <c>hash</c> member; the closing brace counts too.</param>
    public static string Hash(string previous, ReadOnlySpan<byte> open)
    {
        using var sha = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        Span<byte> before = stackalloc byte[HashLength];
        System.Text.Encoding.ASCII.GetBytes(previous.AsSpan(0, Math.Min(previous.Length, HashLength)), before);
        sha.AppendData(before[..Math.Min(previous.Length, HashLength)]);
        sha.AppendData(open);
        sha.AppendData("}"u8);
        return Convert.ToHexStringLower(sha.GetHashAndReset());
    }

    private static void Members(Utf8JsonWriter json, AuditRecord record)
    {
        json.WriteString("time", record.Time.UtcDateTime);
        json.WriteString("event", record.Event);
        json.WriteString("id", record.Id);
        Text(json, "user", record.User);
        if (record.Certificate is { } certificate)
        {
            json.WriteStartObject("certificate");
            Text(json, "serial", certificate.Serial);
            Text(json, "sha256", certificate.Sha256);
            json.WriteEndObject();
        }

        Text(json, "peer", record.Peer);
        Text(json, "operation", record.Operation);
        Text(json, "method", record.Method);
        Text(json, "path", record.Path, MaxPath);
        if (record.Resource is { } resource)
        {
            json.WriteStartObject("resource");
            Text(json, "type", resource.Type);
            Text(json, "id", resource.Id);
            Text(json, "name", resource.Name);
            Text(json, "owner", resource.Owner);
            json.WriteEndObject();
        }

        Text(json, "decision", record.Decision);
        Text(json, "role", record.Role);
        Text(json, "rule", record.Rule);
        Text(json, "reason", record.Reason);
        json.WriteStartArray("fields");
        foreach (var field in record.Fields.Take(MaxFields))
        {
            json.WriteStringValue(Bounded(field, MaxText));
        }

        json.WriteEndArray();
        if (record.Would is not null)
        {
            json.WriteString("would", record.Would);
        }

        if (record.Input is { } input)
        {
            json.WritePropertyName("input");
            json.WriteRawValue(input, skipInputValidation: true);
        }

        Number(json, "status", record.Status);
        Number(json, "duration_ms", record.DurationMs);
        Number(json, "bytes_in", record.BytesIn);
        Number(json, "bytes_out", record.BytesOut);
    }

    private static void Text(Utf8JsonWriter json, string name, string? value, int bound = MaxText)
    {
        if (value is not null)
        {
            json.WriteString(name, Bounded(value, bound));
        }
    }

    private static void Number(Utf8JsonWriter json, string name, long? value)
    {
        if (value is { } number)
        {
            json.WriteNumber(name, number);
        }
    }

    private static string Bounded(string text, int bound) => text.Length <= bound ? text : text[..bound] + "(cut)";
}
