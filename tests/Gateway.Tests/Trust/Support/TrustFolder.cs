using Gateway.Tests.Identity.Support;
using Gateway.Trust;
using Org.BouncyCastle.Asn1.X509;
using Org.BouncyCastle.OpenSsl;
using Org.BouncyCastle.X509;

namespace Gateway.Tests.Trust.Support;

/// <summary>A folder with everything that a gateway trusts, whole and valid, for a test to break one file of.</summary>
internal sealed class TrustFolder : IDisposable
{
    public const string OneUser = "version: 1\nroles:\n  looker:\n    rules:\n      - {id: look, allow: [SystemPing, SystemEvents, ContainerLogs]}\n    grants: {}\nusers:\n  alice: {roles: [looker]}\n";
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("gateway-trust-");

    public TrustFolder()
    {
        folder.CreateSubdirectory("policies");
        WritePolicy(OneUser);
        WriteAuthorities(Authority);
        WriteServer(TestAuthority.NewKey());
        WriteList(Authority.List());
    }

    public TestAuthority Authority { get; } = TestAuthority.Create();

    public TrustFiles Files => new()
    {
        Policies = Path("policies"),
        AuthorityFile = Path("ca.pem"),
        CertificateFile = Path("cert.pem"),
        KeyFile = Path("key.pem"),
        RevocationFile = Path("crl.pem"),
        RevocationExpected = true,
    };

    public string Path(string name) => System.IO.Path.Combine(folder.FullName, name);

    public void WritePolicy(string text) => File.WriteAllText(Path("policies/users.yaml"), text);

    public void WriteAuthorities(params TestAuthority[] authorities) => File.WriteAllText(Path("ca.pem"), string.Concat(authorities.Select(a => a.Pem)));

    public void WriteList(params X509Crl[] lists) => File.WriteAllBytes(Path("crl.pem"), TestAuthority.PemOf(lists));

    public void WriteServer(Org.BouncyCastle.Crypto.AsymmetricCipherKeyPair key)
    {
        WriteCertificate(key, KeyPurposeID.id_kp_serverAuth);
        using var text = new StringWriter();
        new PemWriter(text).WriteObject(new Pkcs8Generator(key.Private));
        File.WriteAllText(Path("key.pem"), text.ToString());
    }

    public void WriteCertificate(Org.BouncyCastle.Crypto.AsymmetricCipherKeyPair key, KeyPurposeID purpose) =>
        File.WriteAllText(Path("cert.pem"), Authority.Issue(new CertificateDraft(new X509Name("CN=gateway"), key) { Purposes = [purpose] }).ExportCertificatePem());

    public TrustLoad Load(TrustSnapshot? inForce = null) => TrustLoader.Load(Files, inForce, TestAuthority.Now);

    public TrustSnapshot Whole() => Load().Snapshot ?? throw new InvalidOperationException(string.Join('\n', Load().Faults));

    public void Dispose() => folder.Delete(recursive: true);
}
