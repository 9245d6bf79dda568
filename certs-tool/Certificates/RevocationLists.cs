using CertsTool.Folder;
using Org.BouncyCastle.Asn1;
using Org.BouncyCastle.Asn1.X509;
using Org.BouncyCastle.Math;
using Org.BouncyCastle.X509;

namespace CertsTool.Certificates;

/// <summary>New revocation lists, one for each trusted CA, and how long they are good.</summary>
internal sealed record SignedLists(string Pem, long Number, DateTimeOffset NextUpdate);

/// <summary>
/// <c>crl.pem</c>: a list for each CA in <c>ca.pem</c>, the signing CA's first. A list says what the inventory says, and
/// whatever the list before it said: no revocation is ever taken back.
/// </summary>
internal static class RevocationLists
{
    /// <summary>So long is the first list good: one that nobody renews would refuse everybody after a week.</summary>
    public static readonly TimeSpan FirstValidity = TimeSpan.FromDays(397);

    /// <param name="validity">How long; null for as long as the list before was good for.</param>
    /// <exception cref="ToolException">The key of a CA is missing.</exception>
    public static SignedLists Sign(PkiFolder folder, Authorities authorities, Inventory inventory, DateTimeOffset now, TimeSpan? validity)
    {
        var before = ReadTrusted(folder, authorities.Certificates);
        var number = before.Values.Select(Number).Append(inventory.CrlNumber).Max() + 1;
        number = Math.Max(number, now.ToUnixTimeSeconds());
        var span = validity ?? before.Values.Select(Span).OfType<TimeSpan>().Cast<TimeSpan?>().FirstOrDefault() ?? FirstValidity;

        // A reader takes no list that is from before the one in force, and clocks are set back by a little at times.
        var time = before.Values.Select(list => new DateTimeOffset(list.ThisUpdate.ToUniversalTime())).Append(now).Max();
        CertificateAuthority[] signers = authorities.Old is { } old ? [authorities.Current, old] : [authorities.Current];
        var lists = signers.Select(signer => signer.RevocationList(
            Revoked(inventory, signer.Id, authorities.FirstId, before.GetValueOrDefault(signer.Id), now), BigInteger.ValueOf(number), time, span));
        return new SignedLists(string.Concat(lists.Select(PemFile.RevocationList)), number, time + span);
    }

    /// <summary>The lists in the file that a trusted CA signed, by that CA; none where the file is missing or unreadable.</summary>
    public static Dictionary<string, X509Crl> ReadTrusted(PkiFolder folder, IReadOnlyList<X509Certificate> authorities) => ReadTrusted(folder.RevocationList, authorities);

    private static Dictionary<string, X509Crl> ReadTrusted(string file, IReadOnlyList<X509Certificate> authorities)
    {
        Dictionary<string, X509Crl> trusted = [];
        try
        {
            foreach (var list in PemFile.ReadRevocationLists(file))
            {
                if (SignerOf(list, authorities) is { } authority)
                {
                    trusted[CertificateFacts.Sha256(authority)] = list;
                }
            }
        }
        catch (ToolException)
        {
            // The inventory holds every revocation too: what is written next is complete.
        }

        return trusted;
    }

    /// <summary>The last lists of CAs that were rotated out.</summary>
    public static IEnumerable<KeyValuePair<string, X509Crl>> ReadLast(PkiFolder folder, IReadOnlyList<X509Certificate> authorities) => authorities
        .Select(authority => (Authority: authority, File: folder.LastList(CertificateFacts.Serial(authority))))
        .Where(item => File.Exists(item.File))
        .SelectMany(item => ReadTrusted(item.File, [item.Authority]));

    public static X509Certificate? SignerOf(X509Crl list, IReadOnlyList<X509Certificate> authorities) =>
        authorities.FirstOrDefault(authority => list.IssuerDN.Equivalent(authority.SubjectDN, inOrder: true) && IsSignedBy(list, authority));

    public static IEnumerable<RevokedCertificate> Entries(X509Crl list) => (list.GetRevokedCertificates() ?? new HashSet<X509CrlEntry>())
        .Select(entry => new RevokedCertificate(entry.SerialNumber, new DateTimeOffset(entry.RevocationDate.ToUniversalTime()), RevocationReason.Of(entry)));

    /// <summary>The list's CRL number; 0 where it has none or one that no list of this tool has.</summary>
    public static long Number(X509Crl list) => list.GetExtensionValue(X509Extensions.CrlNumber) is { } value
        && DerInteger.GetInstance(Asn1Object.FromByteArray(value.GetOctets())).Value is { SignValue: > 0, BitLength: < 63 } number ? number.LongValueExact : 0;

    private static TimeSpan? Span(X509Crl list) => list.NextUpdate - list.ThisUpdate is { } span && span > TimeSpan.Zero ? span : null;

    private static List<RevokedCertificate> Revoked(Inventory inventory, string authority, string firstAuthority, X509Crl? before, DateTimeOffset now)
    {
        Dictionary<BigInteger, RevokedCertificate> entries = [];
        foreach (var entry in before is null ? [] : Entries(before))
        {
            entries[entry.Serial] = entry;
        }

        foreach (var entry in inventory.Certificates.Where(entry => entry.State == CertificateState.Revoked && (entry.Authority ?? firstAuthority) == authority))
        {
            var serial = new BigInteger(entry.Serial, 16);
            var known = entries.GetValueOrDefault(serial);
            entries[serial] = new RevokedCertificate(serial, entry.Revoked ?? known?.Time ?? now, entry.Reason ?? known?.Reason);
        }

        return [.. entries.Values];
    }

    private static bool IsSignedBy(X509Crl list, X509Certificate authority)
    {
        try
        {
            return list.IsSignatureValid(authority.GetPublicKey());
        }
        catch (Exception e) when (PemFile.IsUnreadable(e))
        {
            return false;
        }
    }
}
