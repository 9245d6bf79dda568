using System.Text;
using Org.BouncyCastle.Asn1;
using Org.BouncyCastle.Asn1.X509;
using Org.BouncyCastle.X509;

namespace Gateway.Identity;

/// <summary>A file of revocation lists: one in DER, or PEM blocks one after the other. Half a block is an error, not an end.</summary>
internal static class CrlFile
{
    public const int MaxBytes = 16 << 20;
    private const string Begin = "-----BEGIN X509 CRL-----";
    private const string End = "-----END X509 CRL-----";

    /// <exception cref="FormatException">The bytes are something else, or cut short.</exception>
    public static IReadOnlyList<X509Crl> Parse(byte[] bytes)
    {
        try
        {
            return bytes is [0x30, ..] ? [List(bytes)] : [.. Blocks(Encoding.ASCII.GetString(bytes)).Select(block => List(Convert.FromBase64String(block)))];
        }
        catch (Exception e) when (e is Org.BouncyCastle.Security.GeneralSecurityException or IOException or ArgumentException or InvalidOperationException or InvalidCastException)
        {
            throw new FormatException($"not a readable certificate revocation list: {e.Message}", e);
        }
    }

    // FromByteArray refuses bytes behind the value.
    private static X509Crl List(byte[] der) => new(CertificateList.GetInstance(Asn1Object.FromByteArray(der)));

    private static List<string> Blocks(string text)
    {
        List<string> blocks = [];
        while (text.IndexOf(Begin, StringComparison.Ordinal) is >= 0 and var begin)
        {
            var end = text.IndexOf(End, begin, StringComparison.Ordinal);
            if (end < 0)
            {
                throw new FormatException("ends within a revocation list; it was not written to its end");
            }

            blocks.Add(text[(begin + Begin.Length)..end]);
            text = text[..begin] + text[(end + End.Length)..];
        }

        return blocks.Count == 0 ? throw new FormatException("holds no revocation list")
            : text.Contains("-----", StringComparison.Ordinal) ? throw new FormatException("holds something besides revocation lists")
            : blocks;
    }
}
