using System.Security.Cryptography.X509Certificates;

namespace Gateway.Identity;

/// <summary>The revocation lists in force: one for each CA, so that a CA whose list is missing does not pass for one that revoked nothing.</summary>
internal sealed class RevocationLists
{
    private RevocationLists(IReadOnlyList<RevocationList> all) => All = all;

    public IReadOnlyList<RevocationList> All { get; }

    /// <summary>The first of the next updates.</summary>
    public DateTimeOffset NextUpdate => All.Min(list => list.NextUpdate);

    public int Count => All.Sum(list => list.Count);

    /// <param name="inForce">What counts now; nothing older is taken.</param>
    /// <exception cref="FormatException">A list is not to be relied on, missing, there twice or older than the one in force.</exception>
    public static RevocationLists Parse(string path, byte[] bytes, ClientAuthorities authorities, RevocationLists? inForce)
    {
        try
        {
            List<RevocationList> lists = [.. CrlFile.Parse(bytes).Select(list => RevocationList.Read(list, authorities))];
            foreach (var authority in authorities.All)
            {
                // Two certificates of one CA (same name and key) are covered by the one list.
                if (!lists.Exists(list => Same(list.Signer, authority)))
                {
                    throw new FormatException(authority.SignsLists
                        ? $"holds no revocation list of the CA \"{authority.Name}\"; certs-tool crl writes all of them"
                        : $"the CA \"{authority.Name}\" may not sign revocation lists (its key usage lacks cRLSign)");
                }
            }

            foreach (var list in lists)
            {
                if (lists.Exists(other => other != list && Same(other.Signer, list.Signer)))
                {
                    throw new FormatException($"holds two revocation lists of the CA \"{list.Signer.Name}\"");
                }

                if (inForce?.All.FirstOrDefault(old => Same(old.Signer, list.Signer)) is { } current && current.IsNewerThan(list))
                {
                    throw new FormatException($"the revocation list of \"{list.Signer.Name}\" is older ({list.ThisUpdate:u}) than the one in force ({current.ThisUpdate:u}); certs-tool crl writes a new one");
                }
            }

            return new RevocationLists(lists);
        }
        catch (FormatException e)
        {
            throw new FormatException($"{path}: {e.Message}", e);
        }
    }

    /// <summary>Which certificate of the path was revoked, and when: the client's own (a null authority) or a CA's.</summary>
    public (Authority? Revoked, DateTimeOffset At)? Find(X509Certificate2 certificate, IReadOnlyList<Authority> path)
    {
        if (RevokedAt(certificate, path[0]) is { } own)
        {
            return (null, own);
        }

        for (var i = 0; i + 1 < path.Count; i++)
        {
            if (RevokedAt(path[i].Certificate, path[i + 1]) is { } at)
            {
                return (path[i], at);
            }
        }

        return null;
    }

    private DateTimeOffset? RevokedAt(X509Certificate2 certificate, Authority issuer) =>
        All.FirstOrDefault(list => Same(list.Signer, issuer))?.RevokedAt(certificate.SerialNumberBytes.Span);

    private static bool Same(Authority one, Authority other) =>
        one == other || (one.Certificate.SubjectName.RawData.AsSpan().SequenceEqual(other.Certificate.SubjectName.RawData)
            && one.Certificate.PublicKey.ExportSubjectPublicKeyInfo().AsSpan().SequenceEqual(other.Certificate.PublicKey.ExportSubjectPublicKeyInfo()));
}
