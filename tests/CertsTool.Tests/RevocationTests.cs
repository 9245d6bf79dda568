using CertsTool.Certificates;
using CertsTool.Tests.Support;
using Org.BouncyCastle.X509;
using Xunit;

namespace CertsTool.Tests;

/// <summary><c>revoke</c> and <c>crl</c>.</summary>
public sealed class RevocationTests : IDisposable
{
    private readonly TestFolder folder = new();

    public RevocationTests() => folder.Must("init", "--host", "localhost", "--client", "alice", "--client", "bob");

    public void Dispose() => folder.Dispose();

    [Fact]
    public void RefusesTheRevokedAloneToOpenssl()
    {
        folder.Must("revoke", "alice", "--reason", "key-compromise");

        Assert.Contains("certificate revoked", Check("alice").Error, StringComparison.Ordinal);
        Assert.Equal(0, Check("bob").Code);
        var entry = folder.Inventory.Certificates.Single(entry => entry.Name == "alice");
        Assert.Equal(("revoked", "keyCompromise"), (entry.State, entry.Reason));
        var listed = RevocationLists.Entries(List()).Single();
        Assert.Equal((entry.Revoked, "keyCompromise"), (listed.Time, listed.Reason));
        folder.Must("verify");
    }

    [Fact]
    public void LeavesOutTheReasonThatSaysNothing()
    {
        folder.Must("revoke", "alice");

        Assert.DoesNotContain("Reason Code", TestFolder.OpenSsl("crl", "-in", folder.In("crl.pem"), "-noout", "-text").Output, StringComparison.Ordinal);
    }

    [Fact]
    public void RaisesTheNumberWithEachListEvenWhenTheListIsLostOrTheClockGoesBack()
    {
        List<long> numbers = [RevocationLists.Number(List())];
        folder.Must("crl");
        numbers.Add(RevocationLists.Number(List()));
        folder.Must("revoke", "bob");
        numbers.Add(RevocationLists.Number(List()));
        File.Delete(folder.In("crl.pem"));
        folder.Must("crl");
        numbers.Add(RevocationLists.Number(List()));
        var before = List().ThisUpdate;
        folder.Clock.Ahead = TimeSpan.FromMinutes(-3);
        folder.Must("crl");
        numbers.Add(RevocationLists.Number(List()));

        Assert.Equal(numbers.Distinct().Order(), numbers);
        Assert.True(List().ThisUpdate >= before, "the list is from before the one in force");
        Assert.Single(RevocationLists.Entries(List()));
    }

    [Fact]
    public void KeepsDateReasonAndWhatOnlyTheListBeforeKnew()
    {
        folder.Must("revoke", "alice", "--reason", "superseded");
        var before = RevocationLists.Entries(List()).Single();
        File.WriteAllText(folder.In("inventory.json"), (folder.Inventory with { Certificates = [.. folder.Inventory.Certificates.Where(entry => entry.Name != "alice")] }).Text());
        folder.Clock.Ahead = TimeSpan.FromHours(2);

        folder.Must("crl");

        Assert.Equal(before, RevocationLists.Entries(List()).Single());
    }

    [Fact]
    public void KeepsTheListGoodForAsLongAsTheOneBefore()
    {
        Assert.Equal(TimeSpan.FromDays(397), Span());
        folder.Must("crl", "--valid", "7d");
        Assert.Equal(TimeSpan.FromDays(7), Span());
        folder.Must("revoke", "alice");
        Assert.Equal(TimeSpan.FromDays(7), Span());
    }

    [Fact]
    public void RevokesEveryCertificateOfAName()
    {
        folder.Must("renew", "alice");
        folder.Must("revoke", "alice");

        Assert.Equal(2, RevocationLists.Entries(List()).Count());
    }

    [Fact]
    public void RevokesOneBySerialInAnySpelling()
    {
        var serial = folder.Inventory.Certificates.Single(entry => entry.Name == "alice").Serial;
        folder.Must("renew", "alice");
        var spelt = string.Join(':', serial.PadLeft(32, '0').ToUpperInvariant().Chunk(2).Select(pair => new string(pair)));

        folder.Must("revoke", spelt);

        Assert.Equal(serial, RevocationLists.Entries(List()).Single().Serial.ToString(16));
        Assert.Contains("already", folder.Must("revoke", serial[..12]), StringComparison.Ordinal);
        Assert.Single(RevocationLists.Entries(List()));
    }

    [Theory]
    [InlineData("nobody")]
    [InlineData("ca")]
    [InlineData("00000000")]
    [InlineData("../alice")]
    public void RevokesNothingThatIsNotThere(string subject)
    {
        var before = folder.Fingerprint();

        Assert.Equal(2, folder.Tool("revoke", subject).Code);
        Assert.Equal(before, folder.Fingerprint());
    }

    [Theory]
    [InlineData("certificateHold")]
    [InlineData("removeFromCRL")]
    [InlineData("because")]
    [InlineData("")]
    public void RefusesReasonsThatAreNone(string reason) => Assert.Equal(2, folder.Tool("revoke", "alice", "--reason", reason).Code);

    [Fact]
    public void ReadsAnInventoryFromBeforeReasonsAndRotation()
    {
        var old = System.Text.RegularExpressions.Regex.Replace(File.ReadAllText(folder.In("inventory.json")), "(?s),\\s+\"authority\".*?\\n    }", "\n    }");
        File.WriteAllText(folder.In("inventory.json"), System.Text.RegularExpressions.Regex.Replace(old, ",\\s+\"crlNumber\": \\d+", ""));
        Assert.DoesNotContain("spki", File.ReadAllText(folder.In("inventory.json")), StringComparison.Ordinal);

        folder.Must("revoke", "alice");
        folder.Must("renew", "bob");
        folder.Must("rotate-ca");
        folder.Must("verify");

        Assert.Contains("certificate revoked", Check("alice").Error, StringComparison.Ordinal);
    }

    private Outcome Check(string client) => TestFolder.OpenSsl("verify", "-x509_strict", "-crl_check", "-CRLfile", folder.In("crl.pem"), "-purpose", "sslclient", "-CAfile", folder.In("ca.pem"), folder.In("clients", client, "cert.pem"));

    private X509Crl List() => PemFile.ReadRevocationLists(folder.In("crl.pem"))[0];

    private TimeSpan Span() => (List().NextUpdate - List().ThisUpdate)!.Value;
}
