using CertsTool.Tests.Support;
using Xunit;

namespace CertsTool.Tests;

/// <summary><c>export</c>, <c>context</c> and <c>client --policy-stub</c>: what a holder takes along.</summary>
public sealed class HandingOutTests : IDisposable
{
    private readonly TestFolder folder = new();

    public HandingOutTests() => folder.Must("init", "--host", "localhost", "--client", "alice");

    public void Dispose() => folder.Dispose();

    [Fact]
    public void ExportsWhatOpensslOpensWithThePassphraseAlone()
    {
        var (file, passphrase) = (folder.Beside("alice.p12"), folder.Beside("passphrase"));
        File.WriteAllText(passphrase, "größer als acht\n");

        folder.Must("export", "alice", "--p12", file, "--passphrase-file", passphrase);

        Assert.Equal(UnixFileMode.UserRead, File.GetUnixFileMode(file));
        var opened = TestFolder.OpenSsl("pkcs12", "-in", file, "-passin", $"file:{passphrase}", "-nodes");
        Assert.Equal(2, opened.Output.Split("BEGIN CERTIFICATE").Length - 1);
        Assert.Contains("BEGIN PRIVATE KEY", opened.Output, StringComparison.Ordinal);
        Assert.NotEqual(0, TestFolder.OpenSsl("pkcs12", "-in", file, "-passin", "pass:wrong", "-nodes").Code);
        Assert.Equal(2, folder.Tool("export", "alice", "--p12", file, "--passphrase-file", passphrase).Code);
    }

    [Fact]
    public void ExportsNothingWithoutAKeyOrAPassphrase()
    {
        var file = folder.Beside("x.p12");
        Assert.Equal(2, folder.Tool("export", "alice", "--p12", file).Code);
        Assert.Equal(2, folder.Tool("export", "nobody", "--p12", file).Code);
        File.Delete(folder.In("clients", "alice", "key.pem"));
        File.WriteAllText(folder.Beside("p"), "passphrase");
        Assert.Equal(2, folder.Tool("export", "alice", "--p12", file, "--passphrase-file", folder.Beside("p")).Code);
        Assert.False(File.Exists(file));
    }

    [Theory]
    [InlineData("alice", "alice")]
    [InlineData("a", "gateway-a")]
    [InlineData("default", "gateway-default")]
    public void PrintsTheCommandThatMakesAContext(string name, string context)
    {
        if (name != "alice")
        {
            folder.Must("client", name);
        }

        var bundle = folder.In("clients", name);
        Assert.Equal(
            $"docker context create {context} --docker host=tcp://localhost:2376,ca={bundle}/ca.pem,cert={bundle}/cert.pem,key={bundle}/key.pem\n",
            folder.Tool("context", name, "--host", "tcp://localhost:2376").Output);
    }

    [Theory]
    [InlineData("unix:///var/run/docker.sock")]
    [InlineData("tcp://localhost")]
    [InlineData("tcp://user@localhost:2376")]
    [InlineData("tcp://localhost:2376/path")]
    [InlineData("localhost:2376")]
    [InlineData("")]
    public void RefusesAddressesThatAreNone(string host) => Assert.Equal(2, folder.Tool("context", "alice", "--host", host).Code);

    [Fact]
    public void WarnsOfAHostThatTheServerIsNotFor() =>
        Assert.Contains("--host docker.example.com", folder.Tool("context", "alice", "--host", "tcp://docker.example.com:2376").Error, StringComparison.Ordinal);

    [Fact]
    public void PrintsAPolicyEntryAndNothingElse()
    {
        var outcome = folder.Tool("client", "carol", "--groups", "oncall,yes", "--policy-stub");

        Assert.Matches("\\Ausers:\n  carol: \\{roles: \\[developer\\]\\}   # .*spki: \"sha256:.*\"\\}\ngroups:\n  oncall: \\{roles: \\[developer\\], organization: oncall\\}\n  \"yes\": \\{roles: \\[developer\\], organization: \"yes\"\\}\n\\z", outcome.Output);
    }

    [Theory]
    [InlineData("Alice")]
    [InlineData("_ops")]
    public void WarnsOfNamesThatTheGatewayDoesNotKnow(string name) => Assert.Contains("the gateway knows no user", folder.Tool("client", name).Error, StringComparison.Ordinal);
}
