using CertsTool.Certificates;
using Org.BouncyCastle.X509;

namespace CertsTool.Folder;

/// <summary>A certificate as it lies in <c>issued/</c>.</summary>
internal sealed record KeptCertificate(string File, X509Certificate Certificate);

/// <summary>The copies of everything that was issued.</summary>
internal static class KeptCertificates
{
    /// <summary>Those that can be read; a file that cannot is left to <c>verify</c> to name.</summary>
    public static IEnumerable<KeptCertificate> Read(PkiFolder folder)
    {
        foreach (var file in Files(folder))
        {
            X509Certificate? certificate = null;
            try
            {
                certificate = PemFile.ReadCertificate(file);
            }
            catch (ToolException)
            {
                // Named by verify.
            }

            if (certificate is not null)
            {
                yield return new KeptCertificate(file, certificate);
            }
        }
    }

    public static IEnumerable<string> Files(PkiFolder folder) => Directory.Exists(folder.In("issued")) ? Directory.GetFiles(folder.In("issued"), "*.pem").Order(StringComparer.Ordinal) : [];
}
