using System.Diagnostics;
using Xunit;

namespace CertsTool.Tests;

/// <summary>The program as a script runs it: exit codes, files and modes, and what openssl says of the certificates.</summary>
public sealed class ProgramTests : IDisposable
{
    private readonly string folder = Path.Combine(Directory.CreateTempSubdirectory("certs-tool-").FullName, "pki");

    public void Dispose() => Directory.Delete(Path.GetDirectoryName(folder)!, recursive: true);

    [Theory]
    [InlineData("p256")]
    [InlineData("p384")]
    [InlineData("rsa3072")]
    public void MakesCertificatesThatOpensslAcceptsForTheirPurpose(string key)
    {
        Assert.Equal(0, Tool("init", "--host", "127.0.0.1", "--client", "alice", "--key", key));

        Assert.Equal(0, OpenSsl("verify", "-x509_strict", "-purpose", "sslserver", "-CAfile", In("ca.pem"), In("server/cert.pem")));
        Assert.Equal(0, OpenSsl("verify", "-x509_strict", "-purpose", "sslclient", "-CAfile", In("ca.pem"), In("clients/alice/cert.pem")));
        Assert.NotEqual(0, OpenSsl("verify", "-x509_strict", "-purpose", "sslserver", "-CAfile", In("ca.pem"), In("clients/alice/cert.pem")));
        Assert.Equal(0, OpenSsl("crl", "-in", In("crl.pem"), "-CAfile", In("ca.pem"), "-noout"));
    }

    [Fact]
    public void GivesKeysAndFoldersToTheirOwnerAlone()
    {
        Tool("init", "--client", "alice");

        Assert.All((string[])["ca-key.pem", "server/key.pem", "clients/alice/key.pem"], file => Assert.Equal(UnixFileMode.UserRead, File.GetUnixFileMode(In(file))));
        Assert.All((string[])["", "server", "clients", "clients/alice"], directory =>
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, File.GetUnixFileMode(In(directory))));
        Assert.Equal(0, Tool("verify"));
    }

    [Fact]
    public void NeverOverwrites()
    {
        Tool("init", "--client", "alice");
        var before = File.ReadAllText(In("clients/alice/key.pem")) + File.ReadAllText(In("ca-key.pem"));

        Assert.Equal(2, Tool("init"));
        Assert.Equal(2, Tool("client", "alice"));
        Assert.Equal(2, Tool("server"));
        Assert.Equal(before, File.ReadAllText(In("clients/alice/key.pem")) + File.ReadAllText(In("ca-key.pem")));
    }

    [Theory]
    [InlineData("../x")]
    [InlineData(".hidden")]
    [InlineData("a/b")]
    [InlineData("a b")]
    public void RefusesNamesThatAreNoNames(string name)
    {
        Tool("init");

        Assert.Equal(2, Tool("client", name));
        Assert.False(Directory.Exists(In("clients")));
    }

    [Fact]
    public void ChangesNothingInADamagedFolder()
    {
        Tool("init");
        File.WriteAllText(In("inventory.json"), "{");

        Assert.Equal(3, Tool("client", "alice"));
        Assert.Equal("{", File.ReadAllText(In("inventory.json")));
        Assert.False(Directory.Exists(In("clients")));
    }

    [Fact]
    public void NeedsThePassphraseOfAnEncryptedKey()
    {
        var passphrase = Path.Combine(Path.GetDirectoryName(folder)!, "passphrase");
        File.WriteAllText(passphrase, "correct horse\n");
        Tool("init", "--passphrase-file", passphrase);

        Assert.StartsWith("-----BEGIN ENCRYPTED PRIVATE KEY-----", File.ReadAllText(In("ca-key.pem")), StringComparison.Ordinal);
        Assert.Equal(2, Tool("client", "alice"));
        Assert.Equal(0, Tool("client", "alice", "--passphrase-file", passphrase));
    }

    [Fact]
    public void FindsAKeyThatOthersCanRead()
    {
        Tool("init");
        File.SetUnixFileMode(In("ca-key.pem"), UnixFileMode.UserRead | UnixFileMode.OtherRead);

        Assert.Equal(1, Tool("verify"));
    }

    [Fact]
    public async Task KeepsEveryCertificateInTheInventoryWhenRunsMeet()
    {
        Tool("init");

        var codes = await Task.WhenAll(Enumerable.Range(0, 8).Select(i => Task.Run(() => Tool("client", $"user{i}"))));

        Assert.All(codes, code => Assert.Equal(0, code));
        Assert.Equal(10, File.ReadAllText(In("inventory.json")).Split("\"serial\"").Length - 1);
        Assert.Equal(0, Tool("verify"));
    }

    private static int OpenSsl(params string[] arguments) => Run("openssl", arguments);

    private string In(string name) => Path.Combine(folder, name);

    private int Tool(params string[] arguments) => Run("dotnet", [Path.Combine(AppContext.BaseDirectory, "certs-tool.dll"), .. arguments, "--dir", folder]);

    private static int Run(string program, string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        var error = process.StandardError.ReadToEndAsync();
        process.StandardOutput.ReadToEnd();
        error.GetAwaiter().GetResult();
        process.WaitForExit();
        return process.ExitCode;
    }
}
