using Gateway.EndToEnd.Support;
using Xunit;

namespace Gateway.EndToEnd;

[Collection(DebianEngine.Name)]
public sealed class UnixListenerOnDebianEngine(DebianHost host) : UnixListenerTests(host);

[Collection(ModernEngine.Name)]
public sealed class UnixListenerOnModernEngine(ModernHost host) : UnixListenerTests(host);

/// <summary>The real client over the gateway's Unix socket, as one and another of the accounts that every Debian has (I58).</summary>
public abstract class UnixListenerTests(GatewayHost host)
{
    /// <summary>A user whom only a local account is.</summary>
    public const string Policy = "version: 1\nusers:\n  local: {roles: [developer], unix: daemon}\n";

    [Fact]
    public async Task AnAccountIsTheUserThatThePolicySays()
    {
        Assert.Equal("hi", (await As("daemon", "run --rm busybox echo hi")).Output.Trim());
        Assert.Contains("no grant for privileged", (await As("daemon", "run --rm --privileged busybox true")).Error, StringComparison.Ordinal);
        Assert.Contains(host.Records(), r => r.Contains("\"user\":\"local\"", StringComparison.Ordinal) && r.Contains("\"peer\":\"uid:1\"", StringComparison.Ordinal));
    }

    [Fact]
    public async Task InputEndsBeforeOutputDoes()
    {
        var counted = await As("daemon", "run --rm -i busybox wc -c", "abc"u8.ToArray());

        Assert.Equal("3", counted.Output.Trim());
    }

    [Fact]
    public async Task AnAccountThatThePolicyDoesNotNameIsTold() =>
        Assert.Contains("no user of the policy is the local account \"bin\"", (await As("bin", "ps")).Error, StringComparison.Ordinal);

    [Fact]
    public async Task TheOverflowAccountIsNobody() => Assert.Contains("stands for any account", (await As("nobody", "ps")).Error, StringComparison.Ordinal);

    [Fact]
    public async Task RootIsNobodyUnlessNamed() => Assert.Contains("no user of the policy is the local account \"root\"", (await As("root", "ps")).Error, StringComparison.Ordinal);

    [Theory]
    [InlineData("--mount")]
    [InlineData("--pid --fork")]
    public async Task I58_AnAccountInAnotherNamespaceIsNobody(string kind) =>
        Assert.Contains("another mount or pid namespace", (await host.Shell("alice", $"unshare {kind} {Words("daemon", "ps")}")).Error, StringComparison.Ordinal);

    [Fact]
    public async Task AStreamEndsWithItsAccountsEntry()
    {
        await As("daemon", "run -d --name unix-left busybox sleep 1000");
        using var shell = host.StartShell("alice", Words("daemon", "exec unix-left sleep 900"));
        await host.UntilRecordedAsync("the exec", r => r.Contains("\"user\":\"local\"", StringComparison.Ordinal) && r.Contains("ExecStart", StringComparison.Ordinal), 1);
        await host.WritePolicyAsync("unix.yaml", Policy.Replace("daemon", "sync", StringComparison.Ordinal));
        try
        {
            await shell.WaitForExitAsync(TestContext.Current.CancellationToken);
            await host.UntilRecordedAsync("its end", r => r.Contains("stream-end", StringComparison.Ordinal) && r.Contains("RightsEnded: no user of the policy is the local account", StringComparison.Ordinal), 1);
        }
        finally
        {
            await host.WritePolicyAsync("unix.yaml", Policy);
            await host.UntilAsync(() => As("daemon", "rm -f unix-left"), r => r.ExitCode == 0);
        }
    }

    private string Words(string account, string line) => $"setpriv --reuid={account} --regid=daemon --clear-groups env -u DOCKER_TLS_VERIFY -u DOCKER_CERT_PATH docker -H unix://{host.UnixSocket} {line}";

    private Task<RunResult> As(string account, string line, byte[]? input = null) =>
        Run.Async("setpriv", [.. Words(account, line).Split(' ')[1..]], input, new Dictionary<string, string> { ["DOCKER_BUILDKIT"] = "0", ["HOME"] = "/nonexistent" });
}
