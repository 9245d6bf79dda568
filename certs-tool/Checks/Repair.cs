using CertsTool.Certificates;
using CertsTool.Folder;
using Org.BouncyCastle.X509;

namespace CertsTool.Checks;

/// <summary>
/// Builds the inventory anew from what does not lie: the certificates on disk and the signed revocation lists. Entries of the
/// old inventory are kept, for what only they know; nothing that was revoked becomes valid again.
/// </summary>
internal static class Repair
{
    private const string Unknown = "unknown";

    /// <returns>What was done, a line each.</returns>
    /// <exception cref="ToolException"><c>ca.pem</c> itself is damaged.</exception>
    public static IReadOnlyList<string> Run(PkiFolder folder, DateTimeOffset now)
    {
        var authorities = Authorities.ReadCertificates(folder);
        List<string> done = [.. Narrow(folder)];
        var before = Existing(folder);
        var found = Found(folder, done);

        // A CA that lies in a holder's bundle is nobody's: only ca.pem and the copies kept of rotated-out CAs say whom to believe.
        var trusted = authorities.Concat(KeptCertificates.Read(folder).Select(kept => kept.Certificate).Where(CertificateFacts.IsAuthority)).ToList();
        var inventory = before ?? new Inventory(1, []);
        inventory = inventory with { Certificates = [.. inventory.Certificates.DistinctBy(entry => entry.Serial)] };
        foreach (var (file, certificate) in found)
        {
            var signer = trusted.FirstOrDefault(authority => CertificateAuthority.Signed(authority, certificate));
            if (signer is null)
            {
                done.Add($"left out {file}: no CA of this folder signed it");
                continue;
            }

            inventory = Merge(inventory, certificate, CertificateFacts.Sha256(signer), folder, done);
        }

        inventory = MarkRevoked(folder, inventory, authorities, trusted, done);
        inventory = MarkCurrent(folder, inventory, authorities);
        Write(folder, inventory, before, found, authorities, now, done);
        return done;
    }

    /// <summary>Keys and folders that others could get at are closed; nothing else about the files changes.</summary>
    private static IEnumerable<string> Narrow(PkiFolder folder)
    {
        foreach (var (path, mode) in AccessCheck.Expected(folder).Prepend((folder.Path, PkiFolder.DirectoryMode)))
        {
            if (Posix.Facts(path) is { Kind: PathKind.File or PathKind.Directory } facts && facts.Owner == Posix.CurrentUser && (facts.Mode & PkiFolder.OthersMayAnything & ~mode) != 0)
            {
                File.SetUnixFileMode(path, mode);
                yield return $"closed {path}, which others could get at (mode {Convert.ToString((int)facts.Mode, 8)})";
            }
        }
    }

    private static Inventory? Existing(PkiFolder folder)
    {
        try
        {
            return File.Exists(folder.Inventory) ? Inventory.Read(folder) : null;
        }
        catch (ToolException)
        {
            return null;
        }
    }

    private static List<(string File, X509Certificate Certificate)> Found(PkiFolder folder, List<string> done)
    {
        List<(string, X509Certificate)> found = [];
        foreach (var file in folder.Bundles.Select(bundle => bundle.Certificate).Where(File.Exists).Concat(KeptCertificates.Files(folder)).Prepend(folder.Authority))
        {
            try
            {
                found.AddRange(PemFile.ReadCertificates(file).Select(certificate => (file, certificate)));
            }
            catch (ToolException e)
            {
                done.Add($"left out {e.Message}");
            }
        }

        return [.. found.DistinctBy(item => CertificateFacts.Sha256(item.Item2)).OrderBy(item => item.Item2.NotBefore)];
    }

    private static Inventory Merge(Inventory inventory, X509Certificate certificate, string authority, PkiFolder folder, List<string> done)
    {
        var kind = CertificateFacts.Kind(certificate);
        var name = kind == "client" ? CertificateFacts.CommonName(certificate.SubjectDN) ?? Unknown : kind;
        var fresh = InventoryEntry.Of(name, kind, certificate, authority, signed: kind != "ca" && Directory.Exists(folder.Bundle(kind, name).Path) && !File.Exists(folder.Bundle(kind, name).Key));
        if (inventory.Certificates.FirstOrDefault(entry => entry.Serial == fresh.Serial) is not { } known)
        {
            done.Add($"took in {kind} \"{Terminal.Plain(name)}\" (serial {fresh.Serial})");
            return inventory.With(fresh);
        }

        // What the certificate says counts; what became of it only the inventory knows.
        var merged = fresh with { State = known.State, Revoked = known.Revoked, Reason = known.Reason, Signed = known.Sha256 == fresh.Sha256 ? known.Signed : fresh.Signed };
        return inventory.Change(entry => entry.Serial == fresh.Serial, _ => merged);
    }

    private static Inventory MarkRevoked(PkiFolder folder, Inventory inventory, IReadOnlyList<X509Certificate> authorities, IReadOnlyList<X509Certificate> everTrusted, List<string> done)
    {
        var lists = RevocationLists.ReadTrusted(folder, authorities);
        if (lists.Count < authorities.Count)
        {
            done.Add($"warning: {folder.RevocationList} lacks the list of a CA: what is revoked is known from the old inventory alone, if at all; look at certs-tool list, revoke again what is missing, and write the list anew with certs-tool crl");
        }

        foreach (var (authority, list) in lists.Concat(RevocationLists.ReadLast(folder, everTrusted)))
        {
            foreach (var revoked in RevocationLists.Entries(list))
            {
                var serial = revoked.Serial.ToString(16);
                var known = inventory.Certificates.FirstOrDefault(entry => entry.Serial == serial);
                if (known is null)
                {
                    done.Add($"took in serial {serial}, of which only the revocation is known");
                    inventory = inventory.With(new InventoryEntry(Unknown, "client", serial, "", revoked.Time, revoked.Time, CertificateState.Revoked) { Authority = authority, Revoked = revoked.Time, Reason = revoked.Reason, Replaced = true });
                }
                else if (known.State != CertificateState.Revoked)
                {
                    done.Add($"marked \"{Terminal.Plain(known.Name)}\" (serial {serial}) as revoked");
                    inventory = inventory.Change(entry => entry.Serial == serial, entry => entry.AsRevoked(revoked.Time, revoked.Reason ?? RevocationReason.Unspecified));
                }
            }

            inventory = inventory with { CrlNumber = Math.Max(inventory.CrlNumber, RevocationLists.Number(list)) };
        }

        return inventory;
    }

    private static Inventory MarkCurrent(PkiFolder folder, Inventory inventory, IReadOnlyList<X509Certificate> authorities)
    {
        var ids = authorities.Select(CertificateFacts.Sha256).ToHashSet(StringComparer.Ordinal);
        foreach (var holder in inventory.Certificates.Where(entry => entry.Sha256.Length > 0).GroupBy(entry => (entry.Kind, entry.Name)).ToList())
        {
            var used = holder.Key.Kind == "ca" ? CertificateFacts.Sha256(authorities[0]) : Used(folder.Bundle(holder.Key.Kind, holder.Key.Name));
            var current = holder.FirstOrDefault(entry => entry.Sha256 == used) ?? holder.MaxBy(entry => entry.NotBefore)!;
            inventory = inventory.Change(entry => entry.Kind == holder.Key.Kind && entry.Name == holder.Key.Name, entry => entry with { Replaced = entry.Sha256 != current.Sha256 });
        }

        return inventory.Change(
            entry => entry.State == CertificateState.Valid && entry.Authority is { } authority && !ids.Contains(authority) && entry.Sha256.Length > 0,
            entry => entry with { State = CertificateState.Retired });
    }

    private static string? Used(Bundle bundle)
    {
        try
        {
            return File.Exists(bundle.Certificate) ? CertificateFacts.Sha256(PemFile.ReadCertificate(bundle.Certificate)) : null;
        }
        catch (ToolException)
        {
            return null;
        }
    }

    private static void Write(
        PkiFolder folder, Inventory inventory, Inventory? before, List<(string File, X509Certificate Certificate)> found, IReadOnlyList<X509Certificate> authorities, DateTimeOffset now, List<string> done)
    {
        var known = inventory.Certificates.Select(entry => entry.Sha256).ToHashSet(StringComparer.Ordinal);
        var missing = found.Where(item => known.Contains(CertificateFacts.Sha256(item.Certificate)) && !File.Exists(folder.Issued(CertificateFacts.Serial(item.Certificate)))).Select(item => item.Certificate).ToList();
        var pem = string.Concat(authorities.Select(PemFile.Certificate));
        var bundles = folder.Bundles.Where(bundle => bundle.Kind == "client" && (!File.Exists(bundle.Authority) || File.ReadAllText(bundle.Authority) != pem)).ToList();
        var text = inventory.Text();
        if (text == before?.Text() && missing.Count == 0 && bundles.Count == 0)
        {
            return;
        }

        FolderChange.Make(folder, change =>
        {
            missing.ForEach(certificate => change.Put(folder.Issued(CertificateFacts.Serial(certificate)), PemFile.Certificate(certificate), PkiFolder.CertificateMode));
            bundles.ForEach(bundle => change.Put(bundle.Authority, pem, PkiFolder.CertificateMode));
            if (File.Exists(folder.Inventory) && before?.Text() != text)
            {
                var copy = $"{folder.Inventory}.{now:yyyyMMddHHmmss}";
                change.Put(copy, File.ReadAllText(folder.Inventory), PkiFolder.InventoryMode);
                done.Add($"kept the inventory as it was in {copy}");
            }

            change.Put(folder.Inventory, text, PkiFolder.InventoryMode);
        });
        bundles.ForEach(bundle => done.Add($"put the CAs of {folder.Authority} into {bundle.Authority}"));
        if (missing.Count > 0)
        {
            done.Add($"put {missing.Count} certificate(s) into {folder.In("issued")}");
        }

        if (before?.Text() != text)
        {
            done.Add($"wrote {folder.Inventory}: {inventory.Certificates.Count} certificates");
        }
    }
}
