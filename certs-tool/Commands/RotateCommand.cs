using System.CommandLine;
using CertsTool.Certificates;
using CertsTool.Folder;
using Org.BouncyCastle.X509;

namespace CertsTool.Commands;

/// <summary>
/// <c>rotate-ca</c>: a new CA beside the old one, and <c>--finish</c>: the old one goes.
/// In between everybody trusts both. New clients get certificates of the new CA; the server keeps one of the old CA, since a
/// client that has not fetched its new <c>ca.pem</c> yet knows only that. At the end the server gets one of the new CA.
/// </summary>
internal static class RotateCommand
{
    public static Command Create(CommonOptions common)
    {
        var finish = new Option<bool>("--finish") { Description = "end the rotation: only the new CA is trusted from then on" };
        return common.Make(
            "rotate-ca", "Replaces the CA: both are trusted until --finish", "certs-tool rotate-ca\ncerts-tool rotate-ca --finish", [finish, common.Key, common.PassphraseFile], result =>
            {
                var folder = common.Folder(result);
                var now = common.Session.SigningTime;
                var kind = CommonOptions.Text(result, common.Key) is { } text ? KeyKind.Check(text) : null;
                var passphrase = common.Passphrase(result);
                using var held = FolderLock.Take(folder, common.Session.Terminal);
                var inventory = Inventory.Read(folder);
                var authorities = Authorities.Load(folder, passphrase);
                return result.GetValue(finish) ? Finish(common.Session.Terminal, folder, inventory, authorities, now) : Start(common.Session.Terminal, folder, inventory, authorities, kind, passphrase, now);
            });
    }

    private static int Start(Terminal terminal, PkiFolder folder, Inventory inventory, Authorities authorities, string? kind, Func<string?> passphrase, DateTimeOffset now)
    {
        if (authorities.OldCertificate is not null)
        {
            throw new ToolException(ToolException.Usage, "a rotation is under way already\nend it with: certs-tool rotate-ca --finish");
        }

        var old = authorities.Current;
        var replacement = CertificateAuthority.Create(kind ?? KindLike(old.Certificate), FreeName(folder, old.Certificate, now), now);
        var both = authorities.Rotated(replacement);
        var encrypted = PemFile.IsEncrypted(folder.AuthorityKey);
        inventory = inventory
            .Change(entry => entry.Authority is null, entry => entry with { Authority = old.Id })
            .Change(entry => entry.Kind == "ca", entry => entry with { Replaced = true })
            .With(InventoryEntry.Of("ca", "ca", replacement.Certificate, replacement.Id));
        var lists = RevocationLists.Sign(folder, both, inventory, now, null);
        FolderChange.Make(folder, change =>
        {
            var issuing = new Issuing(folder, both, change, now);
            issuing.Keep(old.Certificate);
            issuing.Keep(replacement.Certificate);
            PutAuthority(folder, change, both, lists);
            change.Put(folder.OldAuthorityKey, File.ReadAllText(folder.AuthorityKey), PkiFolder.KeyMode);
            change.Put(folder.AuthorityKey, PemFile.Key(replacement.Key, encrypted ? passphrase() : null), PkiFolder.KeyMode);
            change.Put(folder.Inventory, (inventory with { CrlNumber = lists.Number }).Text(), PkiFolder.InventoryMode);
        });
        terminal.Print($"made the CA \"{CertificateFacts.CommonName(replacement.Certificate.SubjectDN)}\" beside the old one: {folder.Authority} holds both, and the new one signs clients from now on");
        terminal.Print($"next: certs-tool renew --expiring 1h renews every client of the old CA; give each its new files from {folder.In("clients")}");
        terminal.Print("then: certs-tool rotate-ca --finish, which gives the server a certificate of the new CA and ends the trust in the old one");
        return 0;
    }

    private static int Finish(Terminal terminal, PkiFolder folder, Inventory inventory, Authorities authorities, DateTimeOffset now)
    {
        if (authorities.OldCertificate is not { } old)
        {
            throw new ToolException(ToolException.Usage, "no rotation is under way\nbegin one with: certs-tool rotate-ca");
        }

        var oldId = CertificateFacts.Sha256(old);
        var finished = authorities.Finished();
        var left = inventory.Certificates.Where(entry => entry.Kind == "client" && entry.State == CertificateState.Valid && !entry.Replaced && entry.NotAfter > now && (entry.Authority ?? oldId) == oldId).Select(entry => entry.Name).Distinct().ToList();
        FolderChange.Make(folder, change =>
        {
            var issuing = new Issuing(folder, finished, change, now);
            issuing.Keep(old);
            foreach (var list in RevocationLists.ReadTrusted(folder, [old]).Values)
            {
                change.Put(folder.LastList(CertificateFacts.Serial(old)), PemFile.RevocationList(list), PkiFolder.CertificateMode);
            }

            if (File.Exists(folder.Server.Certificate) && CurrentCertificate.Find(folder, inventory, folder.Server) is var server && !CertificateAuthority.Signed(finished.Current.Certificate, server.Certificate))
            {
                var keep = !File.Exists(folder.Server.Key);
                (_, inventory) = issuing.Replace(Renewal.Wanted(server, new RenewalOptions(keep, false, null, null, [])), inventory);
            }

            inventory = inventory.Change(entry => (entry.Authority ?? oldId) == oldId && entry.State == CertificateState.Valid, entry => entry with { State = CertificateState.Retired });
            var lists = RevocationLists.Sign(folder, finished, inventory, now, null);
            PutAuthority(folder, change, finished, lists);
            change.Delete(folder.OldAuthorityKey);
            change.Put(folder.Inventory, (inventory with { CrlNumber = lists.Number }).Text(), PkiFolder.InventoryMode);
        });
        terminal.Print($"the CA \"{CertificateFacts.CommonName(old.SubjectDN)}\" is trusted no more, and its key is removed");
        if (left.Count > 0)
        {
            terminal.Note($"warning: still with certificates of the old CA, and refused from now on: {string.Join(", ", left)}");
            terminal.Print($"next: renew them with certs-tool renew {left[0]}{(left.Count > 1 ? " and so on" : "")}, and give them their new files from {folder.In("clients")}");
        }
        else
        {
            terminal.Print("next: certs-tool verify");
        }

        return 0;
    }

    /// <summary>Clients learn of a CA before anything signed by it comes their way; the list follows the CA that it belongs to at once.</summary>
    private static void PutAuthority(PkiFolder folder, FolderChange change, Authorities authorities, SignedLists lists)
    {
        foreach (var bundle in folder.Bundles.Where(bundle => bundle.Kind == "client"))
        {
            change.Put(bundle.Authority, authorities.Pem, PkiFolder.CertificateMode);
        }

        change.Put(folder.Authority, authorities.Pem, PkiFolder.CertificateMode);
        change.Put(folder.RevocationList, lists.Pem, PkiFolder.CertificateMode);
    }

    /// <summary>Two CAs of one name would be told apart by their keys alone, which not every client does.</summary>
    private static string FreeName(PkiFolder folder, X509Certificate old, DateTimeOffset now)
    {
        var name = $"docker-gateway CA {now:yyyy-MM-dd}";
        var taken = new[] { old }.Concat(KeptCertificates.Read(folder).Select(kept => kept.Certificate)).Select(certificate => CertificateFacts.CommonName(certificate.SubjectDN)).ToHashSet(StringComparer.Ordinal);
        var free = name;
        for (var i = 2; taken.Contains(free); i++)
        {
            free = $"{name} {i}";
        }

        return free;
    }

    private static string KindLike(X509Certificate old) => KeyKind.Of(old.SubjectPublicKeyInfo) switch { "p384" => "p384", var kind when kind.StartsWith("rsa", StringComparison.Ordinal) => "rsa3072", _ => KeyKind.Default };
}
