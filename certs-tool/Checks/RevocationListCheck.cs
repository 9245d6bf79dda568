using CertsTool.Certificates;
using CertsTool.Folder;
using Org.BouncyCastle.Asn1;
using Org.BouncyCastle.Asn1.X509;
using Org.BouncyCastle.X509;

namespace CertsTool.Checks;

/// <summary><c>crl.pem</c>: one list of each trusted CA, fresh, well formed (zlint's rules for lists), and with all that the inventory has revoked.</summary>
internal static class RevocationListCheck
{
    private const string Mend = "write it anew with: certs-tool crl";

    public static IReadOnlyList<Finding> Run(PkiFolder folder, IReadOnlyList<X509Certificate> authorities, Inventory? inventory, DateTimeOffset now)
    {
        var file = folder.RevocationList;
        if (!File.Exists(file))
        {
            return [new Finding(file, $"missing, so nobody is refused who was revoked; {Mend}", Damage: true)];
        }

        List<Finding> findings = [];
        if (FolderCheck.Try(findings, file, () => PemFile.ReadRevocationLists(file)) is not { } lists)
        {
            return [.. findings.Select(finding => finding with { Text = $"{finding.Text}; {Mend}" })];
        }

        foreach (var list in lists)
        {
            findings.AddRange(One(list).Select(text => new Finding(file, text)));
        }

        foreach (var list in lists.Where(list => RevocationLists.SignerOf(list, authorities) is null))
        {
            findings.Add(new Finding(file, $"a list of \"{Terminal.Plain(list.IssuerDN.ToString())}\" is not signed by a CA of {folder.Authority}; {Mend}"));
        }

        foreach (var authority in authorities)
        {
            var own = lists.Where(list => RevocationLists.SignerOf(list, [authority]) is not null).ToList();
            findings.AddRange(OfAuthority(file, authority, own, authorities, inventory, now));
        }

        return findings;
    }

    private static IEnumerable<Finding> OfAuthority(string file, X509Certificate authority, List<X509Crl> own, IReadOnlyList<X509Certificate> authorities, Inventory? inventory, DateTimeOffset now)
    {
        var name = CertificateFacts.CommonName(authority.SubjectDN);
        if (own is not [var list])
        {
            yield return new Finding(file, $"holds {own.Count} lists of \"{name}\" instead of one; {Mend}");
            yield break;
        }

        if (list.NextUpdate is { } next && new DateTimeOffset(next.ToUniversalTime()) < now)
        {
            yield return new Finding(file, $"the list of \"{name}\" is stale since {next.ToUniversalTime():yyyy-MM-dd HH:mm} UTC, and the gateway refuses everybody with it; {Mend}");
        }

        if (new DateTimeOffset(list.ThisUpdate.ToUniversalTime()) > now)
        {
            yield return new Finding(file, $"the list of \"{name}\" is from {list.ThisUpdate.ToUniversalTime():yyyy-MM-dd HH:mm} UTC, which is yet to come; set the clock, or {Mend}");
        }

        if (inventory is null)
        {
            yield break;
        }

        var listed = RevocationLists.Entries(list).Select(entry => entry.Serial.ToString(16)).ToHashSet(StringComparer.Ordinal);
        var id = CertificateFacts.Sha256(authority);
        var first = CertificateFacts.Sha256(authorities[^1]);
        foreach (var entry in inventory.Certificates.Where(entry => (entry.Authority ?? first) == id))
        {
            if (entry.State == CertificateState.Revoked && !listed.Contains(entry.Serial))
            {
                yield return new Finding(file, $"\"{entry.Name}\" (serial {entry.Serial}) is revoked and not in it; {Mend}");
            }
            else if (entry.State != CertificateState.Revoked && listed.Contains(entry.Serial))
            {
                yield return new Finding(file, $"\"{entry.Name}\" (serial {entry.Serial}) is in it, and the inventory does not know that it is revoked; mend that with: certs-tool verify --repair");
            }
        }
    }

    private static IEnumerable<string> One(X509Crl list)
    {
        if (list.NextUpdate is null)
        {
            yield return $"e_crl_has_next_update: the list does not say until when it is good; {Mend}";
        }

        if (RevocationLists.Number(list) == 0)
        {
            yield return $"e_crl_missing_crl_number: the list has no number; {Mend}";
        }

        if (list.GetExtensionValue(X509Extensions.AuthorityKeyIdentifier) is null)
        {
            yield return $"e_crl_has_authority_key_identifier: the list does not say which key signed it; {Mend}";
        }

        var entries = list.CertificateList.GetRevokedCertificates();
        if (entries.Select(entry => entry.UserCertificate).Distinct().Count() != entries.Length)
        {
            yield return $"e_crl_unique_revoked_certificate: a serial is in it twice; {Mend}";
        }

        foreach (var entry in list.GetRevokedCertificates() ?? new HashSet<X509CrlEntry>())
        {
            if (entry.RevocationDate > list.ThisUpdate)
            {
                yield return $"e_crl_revocation_time_after_this_update: serial {entry.SerialNumber.ToString(16)} is revoked at a time that the list cannot know; {Mend}";
            }

            if (entry.GetExtensionValue(X509Extensions.ReasonCode) is { } reason && DerEnumerated.GetInstance(Asn1Object.FromByteArray(reason.GetOctets())).IntValueExact is 0 or 7 or > 10)
            {
                yield return $"e_crl_has_valid_reason_code: serial {entry.SerialNumber.ToString(16)} has a reason that none is; {Mend}";
            }
        }
    }
}
