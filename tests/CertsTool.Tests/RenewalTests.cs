using CertsTool.Certificates;
using CertsTool.Tests.Support;
using Xunit;

namespace CertsTool.Tests;

/// <summary><c>renew</c> and <c>needs-renewal</c>.</summary>
public sealed class RenewalTests : IDisposable
{
    private readonly TestFolder folder = new();

    public RenewalTests() => folder.Must("init", "--host", "docker.example.com", "--host", "192.0.2.7", "--key", "p384");

    public void Dispose() => folder.Dispose();

    [Fact]
    public void KeepsSubjectNamesKindAndSpanAndChangesTheKey()
    {
        folder.Must("client", "alice", "--groups", "oncall,dev", "--valid", "30d", "--key", "rsa3072");
        var (old, oldKey) = (folder.Certificate("clients", "alice", "cert.pem"), File.ReadAllText(folder.In("clients", "alice", "key.pem")));

        folder.Must("renew", "alice");

        var next = folder.Certificate("clients", "alice", "cert.pem");
        Assert.Equal(old.SubjectDN.ToString(), next.SubjectDN.ToString());
        Assert.Equal(CertificateFacts.Hosts(old), CertificateFacts.Hosts(next));
        Assert.Equal("rsa3072", KeyKind.Of(next.SubjectPublicKeyInfo));
        Assert.Equal(old.NotAfter - old.NotBefore, next.NotAfter - next.NotBefore);
        Assert.NotEqual(CertificateFacts.Spki(old), CertificateFacts.Spki(next));
        Assert.NotEqual(oldKey, File.ReadAllText(folder.In("clients", "alice", "key.pem")));
        Assert.Equal(UnixFileMode.UserRead, File.GetUnixFileMode(folder.In("clients", "alice", "key.pem")));
        Assert.True(File.Exists(folder.Pki.Issued(CertificateFacts.Serial(old))));
        folder.Must("verify");
    }

    [Fact]
    public void KeepsTheKeyOrRevokesTheOldOneOnlyWhenAskedTo()
    {
        folder.Must("client", "alice");
        var old = folder.Certificate("clients", "alice", "cert.pem");

        folder.Must("renew", "alice", "--keep-key");
        Assert.Equal(CertificateFacts.Spki(old), CertificateFacts.Spki(folder.Certificate("clients", "alice", "cert.pem")));
        Assert.DoesNotContain(folder.Inventory.Certificates, entry => entry.State == "revoked");

        folder.Must("renew", "alice", "--revoke-old");
        Assert.Equal(2, folder.Inventory.Certificates.Count(entry => entry is { State: "revoked", Reason: "superseded", Name: "alice" }));
        Assert.Equal(2, RevocationLists.Entries(PemFile.ReadRevocationLists(folder.In("crl.pem"))[0]).Count());
        folder.Must("verify");
    }

    [Fact]
    public void GivesTheServerNewHostsOnlyWhenAskedTo()
    {
        folder.Must("renew", "server");
        Assert.Equal(["docker.example.com", "192.0.2.7"], CertificateFacts.Hosts(folder.Certificate("server", "cert.pem")));

        folder.Must("renew", "server", "--host", "new.example.com");
        Assert.Equal(0, TestFolder.OpenSsl("verify", "-x509_strict", "-purpose", "sslserver", "-verify_hostname", "new.example.com", "-CAfile", folder.In("ca.pem"), folder.In("server", "cert.pem")).Code);
    }

    [Fact]
    public void RenewsWhatEndsInTimeAndNobodyWhoWasRevoked()
    {
        folder.Must("client", "alice", "--valid", "20d");
        folder.Must("client", "bob", "--valid", "60d");
        folder.Must("client", "mallory", "--valid", "20d");
        folder.Must("revoke", "mallory");
        var before = folder.Inventory.Certificates.Count;
        folder.Clock.Ahead = TimeSpan.FromDays(10);

        folder.Must("renew", "--expiring", "14d");

        Assert.Equal("alice", Assert.Single(folder.Inventory.Certificates.Skip(before)).Name);
        Assert.Contains("nothing ends", folder.Must("renew", "--expiring", "14d"), StringComparison.Ordinal);
    }

    [Fact]
    public void MakesABundleAnewThatWasMovedAway()
    {
        folder.Must("client", "alice", "--groups", "oncall");
        Directory.Move(folder.In("clients", "alice"), folder.Beside("handed-out"));

        folder.Must("renew", "alice");

        Assert.Equal("O=oncall,CN=alice", folder.Certificate("clients", "alice", "cert.pem").SubjectDN.ToString());
        folder.Must("verify");
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void FinishesARenewalThatWasKilledAfterTheFolderChangedPlaces(bool changedPlaces)
    {
        // A decided change as FolderChange leaves it, with the server's old pair as the new one of another folder.
        var (pki, server) = (folder.Pki, folder.In("server"));
        var (cert, key) = (File.ReadAllText(Path.Combine(server, "cert.pem")), File.ReadAllText(Path.Combine(server, "key.pem")));
        foreach (var name in (string[])["1", "1.second", "1.mark"])
        {
            Directory.CreateDirectory(Path.Combine(pki.Committed, name));
            File.WriteAllText(Path.Combine(pki.Committed, name, "cert.pem"), "new " + cert);
            if (name != "1.mark")
            {
                File.WriteAllText(Path.Combine(pki.Committed, name, "key.pem"), "new " + key);
            }
        }

        File.WriteAllText(Path.Combine(pki.Committed, "plan"), "1+ server\n");
        if (changedPlaces)
        {
            Assert.True(CertsTool.Folder.Posix.Exchange(Path.Combine(pki.Committed, "1"), server));
            File.Delete(Path.Combine(pki.Committed, "1", "cert.pem"));
            File.Move(Path.Combine(pki.Committed, "1.second", "cert.pem"), Path.Combine(pki.Committed, "1", "cert.pem"));
        }

        folder.Must("crl");

        Assert.Equal("new " + cert, File.ReadAllText(Path.Combine(server, "cert.pem")));
        Assert.Equal("new " + key, File.ReadAllText(Path.Combine(server, "key.pem")));
        Assert.False(Directory.Exists(pki.Committed));
    }

    [Fact]
    public void SignsNothingThatWasPutIntoABundle()
    {
        folder.Must("client", "alice");
        File.Delete(folder.In("clients", "alice", "cert.pem"));
        TestFolder.OpenSsl("req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-subj", "/O=admins/CN=root", "-keyout", folder.Beside("k"), "-out", folder.In("clients", "alice", "cert.pem"));

        Assert.Equal(3, folder.Tool("renew", "alice").Code);
        Assert.Equal(255, folder.Tool("needs-renewal", "alice").Code);
    }

    [Fact]
    public void NeverOutlivesTheCa()
    {
        folder.Clock.Ahead = TimeSpan.FromDays(3600);
        folder.Must("client", "late");
        folder.Must("renew", "server");

        Assert.Equal(folder.Certificate("ca.pem").NotAfter, folder.Certificate("clients", "late", "cert.pem").NotAfter);
        Assert.Equal(folder.Certificate("ca.pem").NotAfter, folder.Certificate("server", "cert.pem").NotAfter);
        folder.Clock.Ahead = TimeSpan.FromDays(3660);
        Assert.Contains("rotate-ca", folder.Tool("client", "later").Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0, 1)]
    [InlineData(360, 1)]
    [InlineData(384, 0)]
    [InlineData(400, 0)]
    [InlineData(-400, 255)]
    public void TellsWhetherRenewalIsDue(int daysFromNow, int code)
    {
        folder.Clock.Ahead = TimeSpan.FromDays(daysFromNow);

        Assert.Equal(code, folder.Tool("needs-renewal", "server").Code);
    }

    [Fact]
    public void CannotTellOfWhatIsMissingOrBroken()
    {
        Assert.Equal(255, folder.Tool("needs-renewal", "nobody").Code);
        Assert.Equal(255, folder.Tool("needs-renewal", "server", "--within", "soon").Code);
        File.WriteAllText(folder.In("inventory.json"), "{");
        Assert.Equal(255, folder.Tool("needs-renewal", "server").Code);
        folder.Clock.At = DateTimeOffset.UnixEpoch;
        Assert.Equal(255, folder.Tool("needs-renewal", "server").Code);
    }

    [Fact]
    public void DoesNotLetATimerBringBackWhoWasRevoked()
    {
        folder.Must("client", "alice", "--valid", "5d");
        folder.Must("revoke", "alice");

        Assert.Equal(1, folder.Tool("needs-renewal", "alice").Code);
        folder.Must("renew", "alice");
        Assert.Equal("valid", folder.Inventory.CurrentOf(folder.Pki.Named("alice"))!.State);
    }
}
