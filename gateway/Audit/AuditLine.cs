using System.Buffers.Text;
using System.Text;

namespace Gateway.Audit;

/// <summary>The chain's members of one line, read from its end where the gateway always writes them, and the hash that its bytes really have.</summary>
internal readonly record struct AuditLine(long Seq, string Previous, string Hash, string Computed)
{
    private const int Tail = 1 + 9 + AuditChain.HashLength + 2;

    private static ReadOnlySpan<byte> SeqMember => ",\"seq\":"u8;

    private static ReadOnlySpan<byte> PreviousMember => ",\"prev\":\""u8;

    private static ReadOnlySpan<byte> HashMember => ",\"hash\":\""u8;

    public bool IsIntact => Hash == Computed;

    /// <param name="line">Without its newline.</param>
    public static bool TryParse(ReadOnlySpan<byte> line, out AuditLine parsed)
    {
        parsed = default;
        var hashAt = line.Length - Tail + 1;
        if (hashAt < 0 || line[0] != '{' || !line[hashAt..].StartsWith(HashMember) || !line.EndsWith("\"}"u8))
        {
            return false;
        }

        var hash = line[(hashAt + HashMember.Length)..^2];
        var open = line[..hashAt];
        var previousAt = open.Length - 1 - AuditChain.HashLength - PreviousMember.Length;
        if (previousAt < 0 || open[^1] != '"' || !open[previousAt..].StartsWith(PreviousMember))
        {
            return false;
        }

        var previous = open[(previousAt + PreviousMember.Length)..^1];
        var seqAt = open[..previousAt].LastIndexOf(SeqMember);
        if (seqAt < 0 || !Utf8Parser.TryParse(open[(seqAt + SeqMember.Length)..previousAt], out long seq, out var used) || used != previousAt - seqAt - SeqMember.Length || seq < 1)
        {
            return false;
        }

        var before = Encoding.ASCII.GetString(previous);
        parsed = new AuditLine(seq, before, Encoding.ASCII.GetString(hash), AuditChain.Hash(before, open));
        return true;
    }
}
