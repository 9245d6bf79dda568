using System.CommandLine;
using Gateway.Serve;
using Xunit;

namespace Gateway.Tests.Serve;

/// <summary>What <c>gateway.yaml</c> may hold, and in which order settings win.</summary>
public sealed class GatewayFileTests : IDisposable
{
    private readonly string path = Path.GetTempFileName();
    private readonly Option<string> config = new("--config-file");
    private readonly Option<string> engine = new("--engine");
    private readonly Option<string> timeout = new("--test-only-timeout");
    private readonly Option<string[]> host = new("--host");
    private readonly Option<bool> debug = new("--debug");

    public void Dispose() => File.Delete(path);

    [Fact]
    public void ReadsFlagsWithoutTheirDashes()
    {
        var settings = Settings("engine: unix:///e.sock\nhost: [tcp://127.0.0.1:1, tcp://127.0.0.1:2]\ndebug: true\n");

        Assert.Equal("unix:///e.sock", settings.Text(engine));
        Assert.Equal(["tcp://127.0.0.1:1", "tcp://127.0.0.1:2"], settings.List(host, text => text, "none"));
        Assert.True(settings.Flag(debug));
    }

    [Fact]
    public void PrefersTheFlag() => Assert.Equal("unix:///flag.sock", Settings("engine: unix:///file.sock\n", "--engine", "unix:///flag.sock").Text(engine));

    [Fact]
    public void PrefersTheEnvironmentToTheFile()
    {
        Environment.SetEnvironmentVariable("GATEWAY_TEST_ONLY_TIMEOUT", "3s");
        try
        {
            Assert.Equal("3s", Settings("test-only-timeout: 4s\n").Text(timeout));
            Assert.Equal("5s", Settings("test-only-timeout: 4s\n", "--test-only-timeout", "5s").Text(timeout));
        }
        finally
        {
            Environment.SetEnvironmentVariable("GATEWAY_TEST_ONLY_TIMEOUT", null);
        }
    }

    [Fact]
    public void ReadsLimits() => Assert.Equal((1L << 30, 2_000_000_000L), (
        Settings("limits:\n  memory: {default: 256m, max: 1g}\n").Limits.Memory.Max,
        Settings("limits:\n  memory: {default: 256m, max: 1g}\n").Limits.Cpus.Max));

    [Theory]
    [InlineData("engin: x\n", ":1:1: unknown key \"engin\"; did you mean \"engine\"?")]
    [InlineData("engine: a\nengine: b\n", ":2:1: duplicate key")]
    [InlineData("limits: {memory: {default: 2g, max: 1g}}\n", ":1:28: the default of memory is more than its max")]
    [InlineData("engine: {a: b}\n", ":1:9: expected text, not a mapping")]
    [InlineData("config-file: x\n", ":1:1: unknown key")]
    [InlineData("- engine\n", ":1:1: expected a mapping")]
    public void RefusesWithThePlace(string text, string words)
    {
        var refusal = Assert.Throws<SettingsException>(() => Settings(text));

        Assert.Equal(ExitCode.Configuration, refusal.ExitCode);
        Assert.Contains(words, refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void NamesThePlaceOfAValueThatIsNone()
    {
        var settings = Settings("debug: true\ntest-only-timeout: soon\n");

        Assert.Contains($"{path}:2:20: \"soon\" is no duration", Assert.Throws<SettingsException>(() => settings.Value(timeout, text => ServeSettings.Duration(text))).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("10", 10)]
    [InlineData("10s", 10)]
    [InlineData("2m", 120)]
    [InlineData("0s", 0)]
    public void ReadsDurations(string text, int seconds) => Assert.Equal(TimeSpan.FromSeconds(seconds), ServeSettings.Duration(text));

    [Theory]
    [InlineData("")]
    [InlineData("s")]
    [InlineData("-1s")]
    [InlineData("1ms")]
    [InlineData("1.5s")]
    public void RefusesWhatIsNoDuration(string text) => Assert.Throws<FormatException>(() => ServeSettings.Duration(text));

    private ServeSettings Settings(string text, params string[] flags)
    {
        File.WriteAllText(path, text);
        var command = new RootCommand { config, engine, timeout, host, debug };
        return ServeSettings.Of(command.Parse(["--config-file", path, .. flags]), config, [config, engine, timeout, host, debug]);
    }
}
