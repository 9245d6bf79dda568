using CertsTool.Certificates;
using CertsTool.Tests.Support;
using Xunit;

namespace CertsTool.Tests;

/// <summary><c>rotate-ca</c>: who trusts whom at each step.</summary>
public sealed class RotationTests : IDisposable
{
    private readonly TestFolder folder = new();

    public RotationTests()
    {
        folder.Must("init", "--host", "localhost", "--client", "alice", "--client", "bob");
        File.Copy(folder.In("ca.pem"), folder.Beside("old-ca.pem"));
        File.Copy(folder.In("clients", "alice", "cert.pem"), folder.Beside("old-alice.pem"));
    }

    public void Dispose() => folder.Dispose();

    [Fact]
    public void LetsClientsOfBothWorkSideBySideUntilItIsFinished()
    {
        folder.Must("rotate-ca");
        folder.Must("client", "carol");

        Assert.All((string[])["alice", "bob", "carol"], name => Assert.Equal(0, Client(folder.In("clients", name, "cert.pem"))));
        Assert.All((string[])["alice", "bob", "carol"], name => Assert.Equal(0, Server(folder.In("clients", name, "ca.pem"))));
        Assert.Equal(0, Server(folder.Beside("old-ca.pem")));

        // A renewal in between must not shut out clients that know the old CA alone.
        folder.Must("renew", "server");
        Assert.Equal(0, Server(folder.Beside("old-ca.pem")));
        folder.Must("verify");

        folder.Must("renew", "alice");
        var said = folder.Must("rotate-ca", "--finish");

        Assert.Contains("refused from now on: bob", said, StringComparison.Ordinal);
        Assert.Equal(0, Client(folder.In("clients", "alice", "cert.pem")));
        Assert.Equal(0, Client(folder.In("clients", "carol", "cert.pem")));
        Assert.NotEqual(0, Client(folder.In("clients", "bob", "cert.pem")));
        Assert.NotEqual(0, Client(folder.Beside("old-alice.pem")));
        Assert.Equal(0, Server(folder.In("clients", "alice", "ca.pem")));
        Assert.NotEqual(0, Server(folder.Beside("old-ca.pem")));
        Assert.False(File.Exists(folder.In("old-ca-key.pem")));
        Assert.Single(PemFile.ReadCertificates(folder.In("ca.pem")));
        Assert.Single(PemFile.ReadRevocationLists(folder.In("crl.pem")));

        Assert.Contains("certs-tool renew bob", folder.Tool("verify").Output, StringComparison.Ordinal);
        folder.Must("renew", "bob");
        folder.Must("verify");
    }

    [Fact]
    public void RevokesCertificatesOfBothEachOnItsOwnList()
    {
        folder.Must("rotate-ca");
        folder.Must("client", "carol");
        folder.Must("revoke", "alice");
        folder.Must("revoke", "carol");

        var authorities = PemFile.ReadCertificates(folder.In("ca.pem"));
        var lists = PemFile.ReadRevocationLists(folder.In("crl.pem"));
        Assert.Equal(2, lists.Count);
        Assert.All(lists, list => Assert.Single(RevocationLists.Entries(list)));
        Assert.Equal(authorities, lists.Select(list => RevocationLists.SignerOf(list, authorities)));
        Assert.NotEqual(0, Client(folder.In("clients", "alice", "cert.pem")));
        Assert.NotEqual(0, Client(folder.In("clients", "carol", "cert.pem")));
        Assert.Equal(0, Client(folder.In("clients", "bob", "cert.pem")));
        folder.Must("verify");
    }

    [Fact]
    public void RefusesASecondRotationAndAnEndWithoutABeginning()
    {
        Assert.Equal(2, folder.Tool("rotate-ca", "--finish").Code);
        folder.Must("rotate-ca");
        var before = folder.Fingerprint();
        Assert.Equal(2, folder.Tool("rotate-ca").Code);
        Assert.Equal(before, folder.Fingerprint());
    }

    [Fact]
    public void GivesEachCaANameOfItsOwn()
    {
        for (var i = 0; i < 2; i++)
        {
            folder.Must("rotate-ca");
            folder.Must("rotate-ca", "--finish");
        }

        var names = folder.Inventory.Certificates.Where(entry => entry.Kind == "ca").Select(entry => CertificateFacts.CommonName(folder.Certificate("issued", entry.Serial + ".pem").SubjectDN)).ToList();
        Assert.Equal(3, names.Distinct().Count());
    }

    [Fact]
    public void MakesTimersRenewClientsOfTheOldCaButNotTheServer()
    {
        folder.Must("rotate-ca");

        Assert.Equal(0, folder.Tool("needs-renewal", "alice").Code);
        Assert.Equal(1, folder.Tool("needs-renewal", "server").Code);
        folder.Must("renew", "--expiring", "1h");
        Assert.Equal(1, folder.Tool("needs-renewal", "alice").Code);
        Assert.DoesNotContain("warning", folder.Must("rotate-ca", "--finish"), StringComparison.Ordinal);
    }

    [Fact]
    public void KeepsTheNewKeyUnderTheSamePassphrase()
    {
        using var secret = new TestFolder();
        var file = secret.Beside("passphrase");
        File.WriteAllText(file, "grüße, korrekt\n");
        secret.Must("init", "--passphrase-file", file);
        Assert.Equal(2, secret.Tool("rotate-ca").Code);

        secret.Must("rotate-ca", "--passphrase-file", file);

        Assert.Equal(0, TestFolder.OpenSsl("pkey", "-in", secret.In("ca-key.pem"), "-passin", $"file:{file}", "-noout").Code);
        secret.Must("revoke", "server", "--passphrase-file", file);
        secret.Must("verify", "--passphrase-file", file);
    }

    private int Client(string certificate) => TestFolder.OpenSsl("verify", "-x509_strict", "-crl_check", "-CRLfile", folder.In("crl.pem"), "-purpose", "sslclient", "-CAfile", folder.In("ca.pem"), certificate).Code;

    private int Server(string authority) => TestFolder.OpenSsl("verify", "-x509_strict", "-purpose", "sslserver", "-verify_hostname", "localhost", "-CAfile", authority, folder.In("server", "cert.pem")).Code;
}
