using CertsTool.Tests.Support;
using Xunit;

namespace CertsTool.Tests;

/// <summary>Words and exit codes: help, usage errors, tables.</summary>
public sealed class CommandLineTests : IDisposable
{
    public static readonly TheoryData<string> Commands =
        ["init", "server", "client", "sign", "renew", "needs-renewal", "revoke", "crl", "rotate-ca", "list", "show", "verify", "export", "context"];

    private readonly TestFolder folder = new();

    public void Dispose() => folder.Dispose();

    /// <summary>The words are compared with Help.txt; to take new ones over, copy what the failure names.</summary>
    [Fact]
    public void ShowsTheHelpThatWasAgreedOn()
    {
        var shown = Help("--help") + string.Concat(Commands.Select(command => $"\n==== {command.Data}\n" + Help(command.Data, "--help")));
        var written = Path.Combine(AppContext.BaseDirectory, "Help.actual.txt");
        File.WriteAllText(written, shown);

        Assert.True(shown == File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Help.txt")), $"the help differs from Help.txt; it is now in {written}");
    }

    [Theory]
    [MemberData(nameof(Commands))]
    public void ShowsAnExampleOfEveryCommand(string command) => Assert.Contains($"Example:\n  certs-tool {command}", Help(command, "--help"), StringComparison.Ordinal);

    [Theory]
    [MemberData(nameof(Commands))]
    public void EndsUsageErrorsWithTwoAndTheWayToTheHelp(string command)
    {
        var outcome = folder.Tool(command, "--no-such-option", "x", "y", "z", "--another");

        Assert.Equal(2, outcome.Code);
        Assert.Contains($"certs-tool {command} --help", outcome.Error, StringComparison.Ordinal);
        Assert.False(Directory.Exists(folder.Path));
    }

    [Theory]
    [InlineData("client alice")]
    [InlineData("server")]
    [InlineData("renew server")]
    [InlineData("revoke alice")]
    [InlineData("crl")]
    [InlineData("rotate-ca")]
    [InlineData("list")]
    [InlineData("verify")]
    [InlineData("verify --repair")]
    [InlineData("show alice")]
    public void NamesTheNextCommandWhereThereIsNoCa(string command)
    {
        var outcome = folder.Tool(command.Split(' '));

        Assert.Equal(2, outcome.Code);
        Assert.Contains("certs-tool", outcome.Error, StringComparison.Ordinal);
        Assert.False(Directory.Exists(folder.Path));
    }

    [Theory]
    [InlineData("client", "alice", "--valid", "")]
    [InlineData("client", "alice", "--valid", "0d")]
    [InlineData("client", "alice", "--valid", "99999999999d")]
    [InlineData("client", "alice", "--valid", "-1d")]
    [InlineData("client", "alice", "--groups", "a b")]
    [InlineData("client", "alice", "--key", "rsa1024")]
    [InlineData("client", "@/etc/passwd")]
    [InlineData("client", "server")]
    [InlineData("server", "--host", "müller.example")]
    [InlineData("server", "--host", "127.1")]
    [InlineData("server", "--host", "fe80::1%eth0")]
    [InlineData("server", "--host", "*.example.com")]
    [InlineData("server", "--host", "a..b")]
    [InlineData("server", "--host", "-a")]
    [InlineData("renew")]
    [InlineData("renew", "alice", "--expiring", "1d")]
    [InlineData("renew", "alice", "--host", "x")]
    [InlineData("list", "--format", "xml")]
    public void RefusesValuesThatAreNone(params string[] arguments)
    {
        folder.Must("init", "--host", "localhost");
        Directory.Delete(folder.In("server"), recursive: true);
        var before = folder.Fingerprint();

        Assert.Equal(2, folder.Tool(arguments).Code);
        Assert.Equal(before, folder.Fingerprint());
    }

    [Fact]
    public void TakesNoOtherFolderForAnEmptyOne()
    {
        using var error = new StringWriter();
        Assert.Equal(2, CommandLine.Run(["client", "alice", "--dir", ""], new Session(new Terminal(error, error), folder.Clock)));
    }

    [Fact]
    public void FitsTheListIntoEightyColumnsAndColoursItOnATerminalOnly()
    {
        folder.Must("init", "--host", "localhost", "--client", "alice");
        folder.Must("client", new string('n', 64));
        folder.Must("client", "soon", "--valid", "5d");

        var plain = folder.Tool("list").Output;
        Assert.All(plain.Split('\n'), line => Assert.True(line.Length <= 80, line));
        Assert.DoesNotContain('\e', plain);

        var coloured = folder.ToolOnTerminal(200, "list").Output.Split('\n');
        Assert.StartsWith("\e[33m", coloured.Single(line => line.Contains("soon", StringComparison.Ordinal)), StringComparison.Ordinal);
        Assert.DoesNotContain('\e', coloured.Single(line => line.Contains("alice", StringComparison.Ordinal)));
        Assert.Contains(folder.Inventory.Certificates[^1].Sha256, coloured.Single(line => line.Contains("soon", StringComparison.Ordinal)), StringComparison.Ordinal);
    }

    [Fact]
    public void ListsForScripts()
    {
        folder.Must("init", "--host", "localhost", "--client", "alice");
        folder.Must("client", "soon", "--valid", "5d");
        folder.Must("renew", "soon");

        Assert.Equal(5, folder.Listed().Length);
        var soon = Assert.Single(folder.Listed("--expiring", "30d"));
        Assert.Equal(("soon", "client", "valid"), (soon.GetProperty("name").GetString(), soon.GetProperty("kind").GetString(), soon.GetProperty("state").GetString()));
        Assert.All((string[])["serial", "sha256", "notBefore", "notAfter"], property => Assert.True(soon.TryGetProperty(property, out _)));
        folder.Clock.Ahead = TimeSpan.FromDays(6);
        Assert.Contains(folder.Listed(), entry => entry.GetProperty("state").GetString() == "expired");
    }

    [Fact]
    public void TakesUnitsThatSystemdCanRead()
    {
        if (!File.Exists("/usr/bin/systemd-analyze"))
        {
            Assert.Skip("systemd-analyze is not here");
        }

        // The units name where a package puts the program; verify wants to find one there.
        var units = Directory.CreateDirectory(folder.Beside("units")).FullName;
        foreach (var file in Directory.GetFiles(Path.Combine(AppContext.BaseDirectory, "systemd")))
        {
            File.WriteAllText(Path.Combine(units, Path.GetFileName(file)), File.ReadAllText(file).Replace("/usr/bin/certs-tool", "/bin/true", StringComparison.Ordinal));
        }

        Assert.Equal(4, Directory.GetFiles(units).Length);
        var outcome = TestFolder.Program("systemd-analyze", ["verify", .. Directory.GetFiles(units)]);
        Assert.True(outcome.Code == 0 && outcome.All.Length == 0, outcome.All);
    }

    private string Help(params string[] arguments)
    {
        using var output = new StringWriter();
        Assert.Equal(0, CommandLine.Run(arguments, new Session(new Terminal(output, output), folder.Clock)));
        return string.Join('\n', output.ToString().Replace("CertsTool.Tests", "certs-tool", StringComparison.Ordinal).Split('\n').Select(line => line.TrimEnd()));
    }
}
