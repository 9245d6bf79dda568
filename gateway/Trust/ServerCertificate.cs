using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Gateway.Identity;

namespace Gateway.Trust;

/// <summary>The server's certificate with its key and whatever chain its file holds, prepared once for all handshakes.</summary>
internal sealed record ServerCertificate(SslStreamCertificateContext Context)
{
    private const string ServerAuth = "1.3.6.1.5.5.7.3.1";

    public DateTimeOffset NotAfter => Context.TargetCertificate.NotAfter.ToUniversalTime();

    /// <exception cref="FormatException">No certificate or key, the two do not belong together, or it is not for servers.</exception>
    public static ServerCertificate Parse(string certificateFile, string certificatePem, string keyFile, string keyPem)
    {
        try
        {
            var certificate = X509Certificate2.CreateFromPem(certificatePem, keyPem);
            var chain = new X509Certificate2Collection();
            chain.ImportFromPem(certificatePem);
            var purposes = certificate.Extensions.OfType<X509EnhancedKeyUsageExtension>().FirstOrDefault()?.EnhancedKeyUsages;
            return purposes is null || purposes.Cast<Oid>().Any(p => p.Value is ServerAuth or CertificateRules.AnyPurpose)
                ? new ServerCertificate(SslStreamCertificateContext.Create(certificate, [.. chain.Skip(1)], offline: true))
                : throw new FormatException($"{certificateFile}: not for servers (its extended key usage lacks serverAuth); certs-tool server makes one");
        }
        catch (Exception e) when (e is CryptographicException or ArgumentException)
        {
            throw new FormatException($"{certificateFile}, {keyFile}: no certificate with its key: {e.Message}", e);
        }
    }
}
