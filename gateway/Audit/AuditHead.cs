using System.Buffers;
using System.Globalization;
using System.Text;

namespace Gateway.Audit;

/// <summary>
/// How far the chain has come, kept beside the log: what <c>verify</c> measures the end of the last file by, and where a log
/// that was moved away goes on.
/// </summary>
internal sealed class AuditHead : IDisposable
{
    private const int Digits = 20;
    private static readonly SearchValues<char> Hex = SearchValues.Create("0123456789abcdef");
    private const int Length = Digits + 1 + AuditChain.HashLength + 1;
    private readonly FileStream file;

    private AuditHead(FileStream file) => this.file = file;

    public static AuditHead Open(string path) => new(new FileStream(path, new FileStreamOptions
    {
        Mode = FileMode.OpenOrCreate,
        Access = FileAccess.ReadWrite,
        Share = FileShare.ReadWrite,
        BufferSize = 0,
        UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite,
    }));

    /// <summary>What a head file says; null where there is none, or none that can be read.</summary>
    public static (long Seq, string Hash)? Read(string path)
    {
        try
        {
            var text = File.Exists(path) ? File.ReadAllText(path) : "";
            return text.Length == Length && text[Digits] == ' ' && long.TryParse(text.AsSpan(0, Digits), NumberStyles.None, CultureInfo.InvariantCulture, out var seq)
                && text.AsSpan(Digits + 1, AuditChain.HashLength).IndexOfAnyExcept(Hex) < 0
                ? (seq, text.Substring(Digits + 1, AuditChain.HashLength))
                : null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    public void Write(long seq, string hash) =>
        RandomAccess.Write(file.SafeFileHandle, Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{seq:D20} {hash}\n")), 0);

    public void Dispose() => file.Dispose();
}
