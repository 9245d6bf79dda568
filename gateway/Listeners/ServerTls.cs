using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Gateway.Listeners;

/// <summary>
/// The server's certificate and the CA that client certificates must chain to (threats §7). A client without a certificate of
/// this CA ends in the handshake; one that is expired, revoked or for servers gets through, so that a 403 can say why.
/// </summary>
internal sealed class ServerTls
{
    private const int MaxPem = 1 << 20;
    private readonly SslStreamCertificateContext server;

    private ServerTls(SslStreamCertificateContext server, X509Certificate2Collection authorities)
    {
        this.server = server;
        Authorities = authorities;
    }

    public X509Certificate2Collection Authorities { get; }

    /// <exception cref="IOException">A file cannot be read.</exception>
    /// <exception cref="FormatException">A file is no certificate or key, or the two do not belong together.</exception>
    public static ServerTls Load(string authorityFile, string certificateFile, string keyFile)
    {
        var authorities = new X509Certificate2Collection();
        try
        {
            authorities.ImportFromPem(ReadPem(authorityFile));
        }
        catch (CryptographicException e)
        {
            throw new FormatException($"{authorityFile}: no PEM certificate: {e.Message}", e);
        }

        if (authorities.Count == 0)
        {
            throw new FormatException($"{authorityFile}: holds no certificate");
        }

        try
        {
            var certificate = X509Certificate2.CreateFromPem(ReadPem(certificateFile), ReadPem(keyFile));
            return new ServerTls(SslStreamCertificateContext.Create(certificate, null, offline: true), authorities);
        }
        catch (Exception e) when (e is CryptographicException or ArgumentException)
        {
            throw new FormatException($"{certificateFile}, {keyFile}: no certificate with its key: {e.Message}", e);
        }
    }

    public SslServerAuthenticationOptions Options() => new()
    {
        ServerCertificateContext = server,
        ClientCertificateRequired = true,
        RemoteCertificateValidationCallback = (_, certificate, _, _) => certificate is X509Certificate2 client && Chains(client),
        EnabledSslProtocols = SslProtocols.Tls12 | SslProtocols.Tls13,
        ApplicationProtocols = [SslApplicationProtocol.Http11],

        // A ticket would bring a revoked certificate back without any check (I56).
        AllowTlsResume = false,
        AllowRenegotiation = false,
        CertificateRevocationCheckMode = X509RevocationMode.NoCheck,
    };

    /// <summary>True if the certificate was issued by the CA. Dates and purposes are judged later, in words.</summary>
    private bool Chains(X509Certificate2 client)
    {
        using var chain = new X509Chain();
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.CustomTrustStore.AddRange(Authorities);
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        chain.ChainPolicy.DisableCertificateDownloads = true;
        chain.ChainPolicy.VerificationFlags = X509VerificationFlags.IgnoreNotTimeValid | X509VerificationFlags.IgnoreWrongUsage;
        return chain.Build(client) && chain.ChainElements.Count > 1;
    }

    private static string ReadPem(string file)
    {
        var info = new FileInfo(file);
        if (!info.Exists)
        {
            throw new FileNotFoundException($"{file}: no such file; certs-tool init makes it");
        }

        return info.Length <= MaxPem ? File.ReadAllText(file) : throw new FormatException($"{file}: longer than {MaxPem} bytes, which no PEM file is");
    }
}
