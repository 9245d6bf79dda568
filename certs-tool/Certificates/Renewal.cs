using CertsTool.Folder;
using Org.BouncyCastle.X509;

namespace CertsTool.Certificates;

/// <summary>What a renewal is asked for beside the holder.</summary>
/// <param name="Key">The new key's kind; null for the old one's.</param>
/// <param name="Hosts">A server's new hosts; none for the old ones.</param>
internal sealed record RenewalOptions(bool KeepKey, bool RevokeOld, string? Key, TimeSpan? Validity, IReadOnlyList<string> Hosts);

/// <summary>The certificate that a holder uses now, from the bundle or, where that was moved away, from the copy kept.</summary>
internal sealed record CurrentCertificate(Bundle Bundle, X509Certificate Certificate, InventoryEntry Entry)
{
    /// <exception cref="ToolException">There is no such holder, or the bundle holds something that this CA did not issue.</exception>
    public static CurrentCertificate Find(PkiFolder folder, Inventory inventory, Bundle bundle)
    {
        if (File.Exists(bundle.Certificate))
        {
            var certificate = PemFile.ReadCertificate(bundle.Certificate);
            var sha256 = CertificateFacts.Sha256(certificate);
            return inventory.Certificates.LastOrDefault(entry => entry.Sha256 == sha256) is { } entry && entry.Kind == bundle.Kind && entry.Name == bundle.Name
                ? new CurrentCertificate(bundle, certificate, entry)
                : throw new ToolException(ToolException.Damaged, $"{bundle.Certificate}: not the certificate that the inventory has for \"{bundle.Name}\"; nothing was changed\nlook at it with certs-tool show {bundle.Argument}; if it belongs there: certs-tool verify --repair");
        }

        if (inventory.CurrentOf(bundle) is not { } current)
        {
            throw new ToolException(ToolException.Usage, $"there is no certificate for \"{bundle.Name}\"\nmake one with: certs-tool {(bundle.Kind == "server" ? "server --host NAME" : $"client {bundle.Name}")}");
        }

        return File.Exists(folder.Issued(current.Serial))
            ? new CurrentCertificate(bundle, PemFile.ReadCertificate(folder.Issued(current.Serial)), current)
            : throw new ToolException(ToolException.Damaged, $"{bundle.Certificate}: missing, and no copy of it is in {Path.GetDirectoryName(folder.Issued(current.Serial))}; nothing was changed\nput the certificate back, or make a new holder with certs-tool client");
    }

    /// <summary>True if it was issued by the CA that a rotation is about to retire. The server's is replaced when the rotation ends.</summary>
    public bool IsBeingRetired(IReadOnlyList<X509Certificate> authorities) =>
        Bundle.Kind != "server" && authorities.Count > 1 && !CertificateAuthority.Signed(authorities[0], Certificate);
}

/// <summary>Makes a holder's next certificate: the same subject and names, and a new key unless the old one is kept.</summary>
internal static class Renewal
{
    /// <exception cref="ToolException">It cannot be renewed so; the message says how it can.</exception>
    public static X509Certificate Make(PkiFolder folder, Authorities authorities, ref Inventory inventory, CurrentCertificate current, RenewalOptions options, DateTimeOffset now)
    {
        var bundle = current.Bundle;
        var wanted = Wanted(current, options);
        var next = inventory;
        X509Certificate? made = null;
        FolderChange.Make(folder, change =>
        {
            var issuing = new Issuing(folder, authorities, change, now);
            (made, next) = Directory.Exists(bundle.Path)
                ? issuing.Replace(wanted, next)
                : issuing.Add(wanted, next);
            if (options.RevokeOld)
            {
                next = next.Change(
                    entry => entry.Kind == bundle.Kind && entry.Name == bundle.Name && entry.Replaced && entry.State == CertificateState.Valid,
                    entry => entry.AsRevoked(DateTimeOffset.FromUnixTimeSeconds(now.ToUnixTimeSeconds()), RevocationReason.Superseded));
                var lists = RevocationLists.Sign(folder, authorities, next, now, null);
                change.Put(folder.RevocationList, lists.Pem, PkiFolder.CertificateMode);
                next = next with { CrlNumber = lists.Number };
            }

            change.Put(folder.Inventory, next.Text(), PkiFolder.InventoryMode);
        });
        inventory = next;
        return made!;
    }

    public static WantedCertificate Wanted(CurrentCertificate current, RenewalOptions options)
    {
        var (bundle, old) = (current.Bundle, current.Certificate);
        var holder = options.Hosts.Count > 0 ? Holder.Server(options.Hosts) : Holder.Of(old);
        var validity = options.Validity ?? Span(old, CertificateProfile.Of(bundle.Kind));
        var hasKey = File.Exists(bundle.Key);
        if (options.KeepKey)
        {
            return current.Entry.Reason == RevocationReason.KeyCompromise
                ? throw new ToolException(ToolException.Usage, $"the key of \"{bundle.Name}\" was revoked as compromised and is not kept\nrenew it without --keep-key")
                : !hasKey && !current.Entry.Signed
                    ? throw new ToolException(ToolException.Usage, $"{bundle.Key}: missing, so it cannot be kept\nrenew it without --keep-key")
                    : new WantedCertificate(bundle, holder, old.SubjectPublicKeyInfo, null, validity);
        }

        if (!hasKey && current.Entry.Signed)
        {
            throw new ToolException(ToolException.Usage, $"the key of \"{bundle.Name}\" was made elsewhere\nsign a new request with: certs-tool sign FILE.csr --as {bundle.Kind} --renew; or keep its key with: certs-tool renew {bundle.Argument} --keep-key");
        }

        var kind = options.Key ?? (current.Entry.Key ?? KeyKind.Of(old.SubjectPublicKeyInfo)) switch { "p384" => "p384", "p256" => "p256", var other when other.StartsWith("rsa", StringComparison.Ordinal) => "rsa3072", _ => KeyKind.Default };
        return WantedCertificate.WithNewKey(bundle, holder, kind, validity);
    }

    /// <summary>As long as the one before, unless its CA's end had cut that one short.</summary>
    private static TimeSpan Span(X509Certificate old, CertificateProfile profile)
    {
        var span = CertificateFacts.NotAfter(old) - CertificateFacts.NotBefore(old) - CertificateAuthority.Backdate;
        return span < TimeSpan.FromHours(1) ? profile.Validity : span;
    }
}
