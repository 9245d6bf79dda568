using System.Diagnostics.CodeAnalysis;
using System.Text;
using System.Text.Json;

namespace Gateway.Audit;

/// <summary>The chain's members of one line, and the hash that its bytes really have.</summary>
internal sealed record AuditLine(long Seq, string Previous, string Hash, string Computed)
{
    private const string HashMember = ",\"hash\":\"";

    public static bool TryParse(string line, [NotNullWhen(true)] out AuditLine? parsed)
    {
        parsed = null;
        var at = line.LastIndexOf(HashMember, StringComparison.Ordinal);
        if (at < 0 || line.Length != at + HashMember.Length + AuditChain.HashLength + 2 || !line.EndsWith("\"}", StringComparison.Ordinal))
        {
            return false;
        }

        try
        {
            using var document = JsonDocument.Parse(line);
            var root = document.RootElement;
            var previous = root.GetProperty("prev").GetString() ?? "";
            parsed = new AuditLine(
                root.GetProperty("seq").GetInt64(), previous, root.GetProperty("hash").GetString() ?? "", AuditChain.Hash(previous, Encoding.UTF8.GetBytes(line[..at] + "}")));
            return true;
        }
        catch (Exception e) when (e is JsonException or KeyNotFoundException or InvalidOperationException or FormatException)
        {
            return false;
        }
    }
}
