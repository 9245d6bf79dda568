using System.Collections.Frozen;
using Org.BouncyCastle.Asn1;
using Org.BouncyCastle.Asn1.X509;
using Org.BouncyCastle.Math;
using Org.BouncyCastle.Security;
using Org.BouncyCastle.X509;

namespace Gateway.Identity;

/// <summary>
/// One CA's whole list of what it revoked (RFC 5280 §5), its signature verified. Delta lists, lists for a part of the
/// certificates and indirect ones are refused: they are marked by critical extensions, of which none is understood here.
/// </summary>
internal sealed class RevocationList
{
    private static readonly HashSet<string> Understood = [X509Extensions.AuthorityKeyIdentifier.Id, X509Extensions.CrlNumber.Id];
    private readonly FrozenDictionary<string, DateTimeOffset> revoked;

    private RevocationList(Authority signer, X509Crl list, BigInteger? number, FrozenDictionary<string, DateTimeOffset> revoked)
    {
        Signer = signer;
        ThisUpdate = Utc(list.ThisUpdate);
        NextUpdate = Utc(list.NextUpdate!.Value);
        Number = number;
        this.revoked = revoked;
    }

    public Authority Signer { get; }

    public DateTimeOffset ThisUpdate { get; }

    public DateTimeOffset NextUpdate { get; }

    public BigInteger? Number { get; }

    public int Count => revoked.Count;

    /// <exception cref="FormatException">The list is not one to rely on; the message says why.</exception>
    public static RevocationList Read(X509Crl list, ClientAuthorities authorities)
    {
        try
        {
            if (authorities.All.FirstOrDefault(a => a.Issued(list)) is not { } signer)
            {
                throw new FormatException($"the revocation list of \"{list.IssuerDN}\" is not signed by a CA of this gateway; certs-tool crl writes it anew");
            }

            var entries = (list.GetRevokedCertificates() ?? new HashSet<X509CrlEntry>()).ToList();
            var problem = list switch
            {
                _ when !CertificateRules.IsStrongSignature(list.SignatureAlgorithm) => "is signed with SHA-1, MD5 or something unknown",
                _ when list.NextUpdate is null => "has no next update",
                _ when list.NextUpdate < list.ThisUpdate => "ends before it begins",
                _ when list.GetExtensionValue(X509Extensions.DeltaCrlIndicator) is not null => "is a delta list; only whole ones are understood",
                _ when list.GetCriticalExtensionOids()?.FirstOrDefault(oid => !Understood.Contains(oid)) is { } oid => $"has a critical extension that is not understood ({oid})",
                _ when entries.SelectMany(e => e.GetCriticalExtensionOids() ?? new HashSet<string>()).FirstOrDefault(oid => oid != X509Extensions.ReasonCode.Id) is { } oid =>
                    $"has an entry with a critical extension that is not understood ({oid})",
                _ when entries.Exists(Restores) => "takes a revocation back (removeFromCRL), which only delta lists may",
                _ => null,
            };
            return problem is null
                ? new RevocationList(signer, list, NumberOf(list), entries.DistinctBy(Key).ToFrozenDictionary(Key, e => Utc(e.RevocationDate)))
                : throw new FormatException($"the revocation list of \"{signer.Name}\" {problem}");
        }
        catch (Exception e) when (e is GeneralSecurityException or ArgumentException or InvalidOperationException or InvalidCastException or IOException)
        {
            throw new FormatException($"not a readable certificate revocation list: {e.Message}", e);
        }
    }

    /// <summary>When that serial number was revoked, or null.</summary>
    public DateTimeOffset? RevokedAt(ReadOnlySpan<byte> serial) => revoked.TryGetValue(Key(serial), out var at) ? at : null;

    /// <summary>True where the other list of the same CA is from before this one: taking it would undo revocations.</summary>
    public bool IsNewerThan(RevocationList other) =>
        ThisUpdate > other.ThisUpdate || (Number is not null && other.Number is not null && Number.CompareTo(other.Number) > 0);

    private static bool Restores(X509CrlEntry entry) =>
        entry.GetExtensionValue(X509Extensions.ReasonCode) is { } reason && DerEnumerated.GetInstance(Asn1Object.FromByteArray(reason.GetOctets())).IntValueExact == 8;

    private static BigInteger? NumberOf(X509Crl list) =>
        list.GetExtensionValue(X509Extensions.CrlNumber) is { } number ? DerInteger.GetInstance(Asn1Object.FromByteArray(number.GetOctets())).Value : null;

    private static string Key(X509CrlEntry entry) => Key(entry.SerialNumber.ToByteArray());

    private static string Key(ReadOnlySpan<byte> serial) => Convert.ToHexString(serial.TrimStart((byte)0));

    private static DateTimeOffset Utc(DateTime time) => new(time.ToUniversalTime());
}
