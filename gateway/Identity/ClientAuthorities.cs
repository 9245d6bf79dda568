using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Org.BouncyCastle.X509;

namespace Gateway.Identity;

/// <summary>
/// The CAs that client certificates must chain to, each up to a root of the same file (threats §7): never the system's, never
/// what a client sent along, nothing fetched.
/// </summary>
internal sealed class ClientAuthorities
{
    private const int MaxPath = 4;
    private readonly ConditionalWeakTable<X509Certificate2, Authority[]> paths = [];

    private ClientAuthorities(IReadOnlyList<Authority> all) => All = all;

    public IReadOnlyList<Authority> All { get; }

    /// <exception cref="FormatException">The text holds no CA, something that is none, or a CA whose own issuer is missing.</exception>
    public static ClientAuthorities Parse(string file, string pem)
    {
        var certificates = new X509Certificate2Collection();
        try
        {
            certificates.ImportFromPem(pem);
            List<Authority> all = [.. certificates.DistinctBy(c => c.Thumbprint).Select(c => new Authority(c))];
            if (all.Count == 0)
            {
                throw new FormatException("holds no certificate");
            }

            var authorities = new ClientAuthorities(all);
            return all.Find(a => authorities.Climb(a) is null) is { } orphan
                ? throw new FormatException($"the issuer of \"{orphan.Name}\" is missing; put it into the same file, up to the root")
                : authorities;
        }
        catch (Exception e) when (e is CryptographicException or FormatException or ArgumentException or Org.BouncyCastle.Security.GeneralSecurityException)
        {
            throw new FormatException($"{file}: {(e is FormatException ? e.Message : $"not a readable PEM certificate: {e.Message}")}", e);
        }
    }

    /// <summary>The CAs above a certificate, its issuer first, the root last; empty where it does not chain to them. Dates are judged elsewhere, in words.</summary>
    public IReadOnlyList<Authority> PathOf(X509Certificate2 certificate) => paths.GetValue(certificate, FindPath);

    private Authority[] FindPath(X509Certificate2 certificate)
    {
        try
        {
            var parsed = new X509CertificateParser().ReadCertificate(certificate.RawData);
            return All.Where(a => a.Issued(parsed)).Select(Climb).FirstOrDefault(path => path is not null && Builds(certificate, path)) ?? [];
        }
        catch (Exception e) when (e is Org.BouncyCastle.Security.GeneralSecurityException or ArgumentException or IOException or InvalidOperationException or CryptographicException)
        {
            return [];
        }
    }

    private Authority[]? Climb(Authority first)
    {
        List<Authority> path = [first];
        while (!path[^1].IsRoot)
        {
            if (path.Count == MaxPath || All.FirstOrDefault(a => !path.Contains(a) && a.Issued(path[^1])) is not { } issuer)
            {
                return null;
            }

            path.Add(issuer);
        }

        return [.. path];
    }

    /// <summary>OpenSSL's own reading of that one path: CA flags, path lengths, name constraints, critical extensions that it does not know.</summary>
    private static bool Builds(X509Certificate2 certificate, Authority[] path)
    {
        using var chain = new X509Chain();
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.CustomTrustStore.Add(path[^1].Certificate);
        chain.ChainPolicy.ExtraStore.AddRange(path[..^1].Select(a => a.Certificate).ToArray());
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        chain.ChainPolicy.DisableCertificateDownloads = true;
        chain.ChainPolicy.VerificationFlags = X509VerificationFlags.IgnoreNotTimeValid | X509VerificationFlags.IgnoreWrongUsage;
        return chain.Build(certificate) && chain.ChainElements.Count == path.Length + 1;
    }
}
