using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using Gateway.Identity;
using Gateway.Trust;

namespace Gateway.Listeners;

/// <summary>
/// How one handshake is made, from what is trusted as it begins (threats §7). A client without a certificate of a trusted CA
/// ends in it; one that is expired, revoked or for servers gets through, so that a 403 can say why.
/// </summary>
internal static class ServerTls
{
    public static SslServerAuthenticationOptions Options(ServerCertificate server, ClientAuthorities authorities) => new()
    {
        ServerCertificateContext = server.Context,
        ClientCertificateRequired = true,
        RemoteCertificateValidationCallback = (_, certificate, _, _) => certificate is X509Certificate2 client && authorities.PathOf(client).Count > 0,
        EnabledSslProtocols = SslProtocols.Tls12 | SslProtocols.Tls13,
        ApplicationProtocols = [SslApplicationProtocol.Http11],

        // A ticket would bring a revoked certificate back without any check (I56).
        AllowTlsResume = false,
        AllowRenegotiation = false,
        CertificateRevocationCheckMode = X509RevocationMode.NoCheck,
    };
}
