using System.Diagnostics;
using System.Security.Cryptography;
using Gateway.EndToEnd.Support;
using Xunit;

namespace Gateway.EndToEnd;

[Collection(DebianEngine.Name)]
public sealed class RevocationOnDebianEngine(DebianHost host) : RevocationTests(host);

[Collection(ModernEngine.Name)]
public sealed class RevocationOnModernEngine(ModernHost host) : RevocationTests(host);

/// <summary>
/// Rights that end while streams of each kind are open: each ends, with a record that says why, and nobody else's loses a byte.
/// How fast is measured by tests/benchmarks/revocation.sh.
/// </summary>
public abstract class RevocationTests(GatewayHost host)
{
    private const int Half = 8 << 20;
    private static readonly TimeSpan Hang = TimeSpan.FromSeconds(60);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task I53_EndsEveryStreamOfARevokedHolderAndNobodyElses()
    {
        await host.AddUserAsync("leaver");
        await RunAsync("bob", "revocation-bob");
        await RunAsync("leaver", "revocation-c");
        await RunAsync("leaver", "revocation-d");
        using var bob = host.StartShell("bob", "docker exec -i revocation-bob cat");
        var bytes = RandomNumberGenerator.GetBytes(2 * Half);
        var echoed = ReadAllAsync(bob.StandardOutput.BaseStream);
        await bob.StandardInput.BaseStream.WriteAsync(bytes.AsMemory(0, Half), Token);

        // An archive that takes its time.
        const string slow = "f=$(mktemp) && truncate -s 64M $f && (tar c -P $f; rm $f) | while head -c 4096; do sleep 0.1; done";
        (string Operation, string Script)[] streams =
        [
            ("ExecStart", "script -qec 'docker exec -it revocation-c sh' /dev/null"),
            ("ExecStart", "docker exec -i revocation-c cat"),
            ("ContainerAttach", "docker attach revocation-c"),
            ("ContainerLogs", "docker logs -f revocation-c"),
            ("SystemEvents", "docker events"),
            ("ContainerWait", "docker wait revocation-c"),
            ("PutContainerArchive", $"{slow} | docker cp - revocation-d:/tmp"),
            ("ImageBuild", $"{slow} | docker build -q -"),
        ];
        var running = streams.Select(s => host.StartShell("leaver", s.Script)).ToList();
        foreach (var operation in streams.GroupBy(s => s.Operation))
        {
            await host.UntilRecordedAsync(operation.Key, r => r.Contains("\"user\":\"leaver\"", StringComparison.Ordinal) && r.Contains($"\"operation\":\"{operation.Key}\"", StringComparison.Ordinal) && r.Contains("\"decision\":\"allow\"", StringComparison.Ordinal), operation.Count());
        }

        await host.CertsToolAsync("revoke", "leaver");
        foreach (var (process, (operation, script)) in running.Zip(streams))
        {
            await EndsAsync(process, script);
            Assert.True(host.Records().Any(r => r.Contains($"\"operation\":\"{operation}\"", StringComparison.Ordinal) && r.Contains("RightsEnded: certificate \\u0022leaver\\u0022", StringComparison.Ordinal)), operation);
        }

        Assert.Contains("certificate \"leaver\" (serial ", (await host.Docker("leaver", "ps")).Error, StringComparison.Ordinal);
        await bob.StandardInput.BaseStream.WriteAsync(bytes.AsMemory(Half), Token);
        bob.StandardInput.Close();
        Assert.Equal(SHA256.HashData(bytes), SHA256.HashData(await echoed.WaitAsync(Hang, Token)));
        await host.Docker("bob", "rm -f revocation-bob");
        await host.Engine("rm -f revocation-c revocation-d");
    }

    [Theory]
    [InlineData("version: 1\n", "not in the policy any more")]
    [InlineData("version: 1\nusers:\n  mover: {roles: [read-only]}\n", "")]
    [InlineData("version: 1\nusers:\n  mover: {roles: [developer], certificate: {spki: \"sha256:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\"}}\n", "needs another key")]
    public async Task EndsAStreamThatThePolicyDoesNotAllowAnyMore(string policy, string words)
    {
        await host.AddUserAsync("mover");
        await RunAsync("mover", "revocation-m");
        using var exec = host.StartShell("mover", "docker exec -i revocation-m sh -c 'echo ready; cat'");
        Assert.Equal("ready", await exec.StandardOutput.ReadLineAsync(Token));
        await host.WritePolicyAsync("user-mover.yaml", policy);

        await EndsAsync(exec, "exec");
        Assert.Contains(host.Records(), r => r.Contains("\"user\":\"mover\"", StringComparison.Ordinal) && r.Contains("RightsEnded: ", StringComparison.Ordinal) && r.Contains(words, StringComparison.Ordinal));
        await host.Engine("rm -f revocation-m");
    }

    [Fact]
    public async Task EndsAStreamAtItsCertificatesEnd()
    {
        await host.AddUserAsync("brief");
        host.Reissue("brief", TimeSpan.FromSeconds(6));
        using var events = host.StartShell("brief", "docker events");
        await host.UntilRecordedAsync("SystemEvents", r => r.Contains("\"user\":\"brief\"", StringComparison.Ordinal) && r.Contains("\"operation\":\"SystemEvents\"", StringComparison.Ordinal), 1);

        await EndsAsync(events, "events");
        Assert.Contains(host.Records(), r => r.Contains("\"user\":\"brief\"", StringComparison.Ordinal) && r.Contains("RightsEnded: the certificate expired on", StringComparison.Ordinal));
        Assert.Contains("the certificate expired on", (await host.Docker("brief", "ps")).Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("rename", "cp {new}/crl.pem {pki}/crl.new && mv -f {pki}/crl.new {pki}/crl.pem")]
    [InlineData("rewrite", "cat {new}/crl.pem > {pki}/crl.pem")]
    [InlineData("half", "head -c 100 {new}/crl.pem > {pki}/crl.pem; cat {new}/crl.pem > {pki}/crl.pem")]
    [InlineData("link", "ln -s {new}/crl.pem {pki}/crl.new && mv -Tf {pki}/crl.new {pki}/crl.pem")]
    [InlineData("folder", "mv {pki} {pki}.old && cp -a {new} {pki} && rm -r {pki}.old")]
    [InlineData("remount", "mount --bind {new} {pki}")]
    public async Task NoticesAListThatWasExchangedBy(string way, string script)
    {
        var user = "by-" + way;
        await host.AddUserAsync(user);
        using var events = host.StartShell(user, "docker events");
        await host.UntilRecordedAsync("SystemEvents", r => r.Contains($"\"user\":\"{user}\"", StringComparison.Ordinal) && r.Contains("\"operation\":\"SystemEvents\"", StringComparison.Ordinal), 1);
        var copy = host.Pki + ".copy";
        await host.Shell("boss", $"rm -rf {copy} && cp -a {host.Pki} {copy}");
        try
        {
            await host.CertsToolAsync("revoke", user, "--dir", copy);
            var exchange = await host.Shell("boss", script.Replace("{new}", copy, StringComparison.Ordinal).Replace("{pki}", host.Pki, StringComparison.Ordinal));
            Assert.SkipWhen(way == "remount" && exchange.ExitCode != 0, "mounting is not allowed here");
            await EndsAsync(events, way);
        }
        finally
        {
            // What comes after goes on from the newer folder.
            await host.Shell("boss", $"umount {host.Pki} 2>/dev/null; rm -f {host.Pki}/crl.pem; cp -a {copy}/. {host.Pki}/ && rm -rf {copy}");
            events.Kill(entireProcessTree: true);
        }
    }

    [Fact]
    public async Task ServesClientsOfTwoAuthoritiesSideBySide()
    {
        await host.AddUserAsync("elder");
        var second = host.Pki + ".second";
        await host.CertsToolAsync("init", "--dir", second, "--client", "elder");
        await host.Shell("boss", $"cp -f {second}/clients/elder/cert.pem {second}/clients/elder/key.pem {host.Pki}/clients/elder/; cd {host.Pki}; cp -p ca.pem ca.one; cp -p crl.pem crl.one");
        Assert.NotEqual(0, (await host.Docker("elder", "version")).ExitCode);

        await host.Shell("boss", $"cd {host.Pki}; cat ca.one {second}/ca.pem > ca.new; cat crl.one {second}/crl.pem > crl.new; mv -f ca.new ca.pem; mv -f crl.new crl.pem");
        Assert.Equal(0, (await host.UntilAsync(() => host.Docker("elder", "version"), r => r.ExitCode == 0)).ExitCode);
        Assert.Equal(0, (await host.Docker("bob", "version")).ExitCode);

        await host.Shell("boss", $"cd {host.Pki}; mv -f ca.one ca.pem; mv -f crl.one crl.pem");
        Assert.NotEqual(0, (await host.UntilAsync(() => host.Docker("elder", "version"), r => r.ExitCode != 0)).ExitCode);
        Assert.Equal(0, (await host.Docker("bob", "version")).ExitCode);
        Directory.Delete(second, recursive: true);
    }

    [Fact]
    public async Task TellsItsStatusAndAFaultOfTheLastReload()
    {
        Assert.Equal(0, (await host.StatusAsync()).ExitCode);
        await host.WritePolicyAsync("broken.yaml", "users: [");
        try
        {
            var status = await host.UntilAsync(host.StatusAsync, s => s.ExitCode == 1);
            Assert.Contains("broken.yaml:", status.Output, StringComparison.Ordinal);
            Assert.Equal(0, (await host.Docker("bob", "version")).ExitCode);
        }
        finally
        {
            await host.WritePolicyAsync("broken.yaml", "version: 1\n");
        }

        Assert.Equal(0, (await host.UntilAsync(host.StatusAsync, s => s.ExitCode == 0)).ExitCode);
    }

    private async Task RunAsync(string user, string name)
    {
        var run = await host.Docker(user, $"run -d --name {name} busybox sleep 600");
        Assert.True(run.ExitCode == 0, run.Whole);
    }

    private static async Task EndsAsync(Process process, string what)
    {
        try
        {
            await process.WaitForExitAsync(Token).WaitAsync(Hang, Token);
        }
        catch (TimeoutException)
        {
            process.Kill(entireProcessTree: true);
            Assert.Fail($"did not end: {what}");
        }
    }

    private static async Task<byte[]> ReadAllAsync(Stream stream)
    {
        using var buffer = new MemoryStream();
        await stream.CopyToAsync(buffer, Token);
        return buffer.ToArray();
    }
}
