using CertsTool.Folder;
using Org.BouncyCastle.Crypto;
using Org.BouncyCastle.X509;

namespace CertsTool.Certificates;

/// <summary>
/// The CAs that the folder trusts: the one that signs and, while a rotation is under way, the one that it replaces.
/// </summary>
internal sealed class Authorities
{
    private readonly Lazy<CertificateAuthority>? old;

    private Authorities(CertificateAuthority current, X509Certificate? oldCertificate, Lazy<CertificateAuthority>? old)
    {
        Current = current;
        OldCertificate = oldCertificate;
        this.old = old;
    }

    public CertificateAuthority Current { get; }

    public X509Certificate? OldCertificate { get; }

    /// <summary>The replaced CA with its key; null where no rotation is under way.</summary>
    /// <exception cref="ToolException">Its key is missing or does not fit.</exception>
    public CertificateAuthority? Old => old?.Value;

    /// <summary>Those in <c>ca.pem</c>, in its order.</summary>
    public IReadOnlyList<X509Certificate> Certificates => OldCertificate is null ? [Current.Certificate] : [Current.Certificate, OldCertificate];

    /// <summary>The text of <c>ca.pem</c>.</summary>
    public string Pem => string.Concat(Certificates.Select(PemFile.Certificate));

    /// <summary>The CA that issued what an inventory does not name one for: the oldest that is trusted.</summary>
    public string FirstId => CertificateFacts.Sha256(Certificates[^1]);

    public static Authorities Of(CertificateAuthority current) => new(current, null, null);

    public Authorities Rotated(CertificateAuthority replacement) => new(replacement, Current.Certificate, new Lazy<CertificateAuthority>(Current));

    public Authorities Finished() => Of(Current);

    /// <exception cref="ToolException">The folder holds no CA, a key is missing or does not fit, or others can read one.</exception>
    public static Authorities Load(PkiFolder folder, Func<string?> passphrase)
    {
        var certificates = ReadCertificates(folder);
        var current = new CertificateAuthority(certificates[0], ReadKey(folder, folder.AuthorityKey, certificates[0], passphrase));
        return certificates.Count == 1
            ? Of(current)
            : new Authorities(current, certificates[1], new Lazy<CertificateAuthority>(() => new CertificateAuthority(certificates[1], ReadKey(folder, folder.OldAuthorityKey, certificates[1], passphrase))));
    }

    /// <summary>The certificates of <c>ca.pem</c>: one, or two while a rotation is under way.</summary>
    /// <exception cref="ToolException">The file is missing, unreadable or holds something else.</exception>
    public static IReadOnlyList<X509Certificate> ReadCertificates(PkiFolder folder)
    {
        if (!File.Exists(folder.Authority))
        {
            throw File.Exists(folder.Inventory) || File.Exists(folder.AuthorityKey)
                ? new ToolException(ToolException.Damaged, $"{folder.Authority}: missing; nothing was changed\nput the CA's certificate back: each clients/NAME/ca.pem is a copy of it")
                : folder.HasNoAuthority();
        }

        var certificates = PemFile.ReadCertificates(folder.Authority);
        return certificates.Count > 2 ? throw new ToolException(ToolException.Damaged, $"{folder.Authority}: holds {certificates.Count} certificates, and this tool puts at most two there; nothing was changed")
            : certificates.FirstOrDefault(certificate => !CertificateFacts.IsAuthority(certificate)) is { } wrong ? throw new ToolException(ToolException.Damaged, $"{folder.Authority}: \"{Terminal.Plain(wrong.SubjectDN.ToString())}\" is no CA's certificate; nothing was changed")
            : certificates;
    }

    /// <summary>
    /// The CA that signs a new certificate of the kind. Clients that have not fetched the new <c>ca.pem</c> yet trust only the
    /// replaced CA's servers, so the server's certificate comes from that one until the rotation is finished.
    /// </summary>
    public CertificateAuthority For(string kind, DateTimeOffset now) =>
        kind == "server" && OldCertificate is not null && now < CertificateFacts.NotAfter(OldCertificate) ? Old! : Current;

    private static AsymmetricKeyParameter ReadKey(PkiFolder folder, string file, X509Certificate certificate, Func<string?> passphrase)
    {
        if (Posix.Facts(file) is not { } facts)
        {
            throw new ToolException(ToolException.Damaged, $"{file}: missing; nothing was changed\nwithout the CA's key nothing can be signed or revoked: put it back from a backup, or start anew in another folder with certs-tool init");
        }

        if (facts.Kind != PathKind.File)
        {
            throw new ToolException(ToolException.Damaged, $"{file}: is no plain file; nothing was changed\nput the key itself there");
        }

        if ((facts.Mode & PkiFolder.OthersMayAnything) != 0)
        {
            throw new ToolException(ToolException.Damaged, $"{file}: mode {Convert.ToString((int)facts.Mode, 8)} lets others in; nothing was changed\nrun chmod 400 {file}, and if somebody may have read it: certs-tool rotate-ca --dir {folder.Path}");
        }

        var key = PemFile.ReadKey(file, passphrase);
        return KeyKind.Fits(key, certificate.GetPublicKey())
            ? key
            : throw new ToolException(ToolException.Damaged, $"{file}: does not belong to the certificate in {folder.Authority}; nothing was changed\nput the two back that belong together");
    }
}
