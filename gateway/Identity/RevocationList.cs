using System.Security.Cryptography.X509Certificates;
using Org.BouncyCastle.Security;
using Org.BouncyCastle.X509;

namespace Gateway.Identity;

/// <summary>The CA's list of revoked certificates: its signature is verified once, its freshness at every question (I61).</summary>
internal sealed class RevocationList
{
    private readonly HashSet<string> revoked;
    private readonly DateTimeOffset nextUpdate;

    private RevocationList(IEnumerable<string> revoked, DateTimeOffset nextUpdate)
    {
        this.revoked = revoked.ToHashSet(StringComparer.Ordinal);
        this.nextUpdate = nextUpdate;
    }

    /// <exception cref="FormatException">The file is no CRL, or none that one of the authorities signed.</exception>
    public static RevocationList Load(string path, X509Certificate2Collection authorities)
    {
        try
        {
            var list = new X509CrlParser().ReadCrl(File.ReadAllBytes(path)) ?? throw new FormatException($"{path}: holds no certificate revocation list");
            if (!authorities.Any(authority => IsSignedBy(list, authority)))
            {
                throw new FormatException($"{path}: the revocation list is not signed by the CA; certs-tool crl writes it anew");
            }

            var entries = list.GetRevokedCertificates() ?? new HashSet<X509CrlEntry>();
            return new RevocationList(
                entries.Select(entry => Key(entry.SerialNumber.ToByteArrayUnsigned())),
                list.NextUpdate is { } next ? new DateTimeOffset(next.ToUniversalTime()) : DateTimeOffset.MinValue);
        }
        catch (Exception e) when (e is GeneralSecurityException or InvalidDataException or ArgumentException)
        {
            throw new FormatException($"{path}: not a readable certificate revocation list: {e.Message}", e);
        }
    }

    /// <summary>Why the certificate does not count, or null.</summary>
    public string? Problem(X509Certificate2 certificate, DateTimeOffset now) =>
        now > nextUpdate ? $"the gateway's revocation list is stale since {nextUpdate:u}; an administrator has to run certs-tool crl"
        : revoked.Contains(Key(certificate.SerialNumberBytes.Span)) ? "the certificate is revoked; ask for a new one"
        : null;

    private static string Key(ReadOnlySpan<byte> serial) => Convert.ToHexString(serial.TrimStart((byte)0));

    private static bool IsSignedBy(X509Crl list, X509Certificate2 authority)
    {
        try
        {
            list.Verify(new X509CertificateParser().ReadCertificate(authority.RawData).GetPublicKey());
            return true;
        }
        catch (GeneralSecurityException)
        {
            return false;
        }
    }
}
