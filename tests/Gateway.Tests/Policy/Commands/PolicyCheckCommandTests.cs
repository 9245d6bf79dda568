using System.CommandLine;
using Gateway.Policy.Commands;
using Gateway.Tests.Policy.Files.Support;
using Xunit;

namespace Gateway.Tests.Policy.Commands;

public sealed class PolicyCheckCommandTests : IDisposable
{
    private readonly PolicyDirectory _dir = new();
    private readonly StringWriter _output = new();
    private readonly StringWriter _error = new();

    public void Dispose()
    {
        _dir.Dispose();
        _output.Dispose();
        _error.Dispose();
    }

    [Fact]
    public void CountsWhatAValidFolderDefines()
    {
        _dir.Write("a.yaml", "version: 1\nroles: {r: {rules: []}, s: {rules: []}}\nusers: {alice: {roles: [r]}}");
        Assert.Equal(0, Run(_dir.Root));
        Assert.Equal($"{_dir.Root}: 2 roles, 1 user, 0 groups: valid\n", _output.ToString());
        Assert.Equal("", _error.ToString());
    }

    [Fact]
    public void PrintsEveryErrorAndExits78()
    {
        _dir.Write("a.yaml", "version: 2\nrolls: {}");
        Assert.Equal(78, Run(_dir.Root));
        Assert.Equal("", _output.ToString());
        Assert.Equal(
            $"{_dir.Root}/a.yaml:1:10: expected \"1\", not \"2\"\n    1 | version: 2\n      |          ^\n{_dir.Root}/a.yaml:2:1: unknown key \"rolls\"; did you mean \"roles\"?\n    2 | rolls: {{}}\n      | ^\n",
            _error.ToString());
    }

    [Fact]
    public void PrintsWarningsBesideAValidAnswer()
    {
        _dir.Write("a.yaml", Snippet.Grants("privileged: true"));
        Assert.Equal(0, Run(_dir.Root));
        Assert.StartsWith($"warning: {_dir.Root}/a.yaml:6:7: privileged: ", _error.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void ShowsAnExampleInItsHelp()
    {
        Assert.Equal(0, Run("--help"));
        Assert.Contains("gateway policy check /etc/docker-gateway/policies", _output.ToString(), StringComparison.Ordinal);
    }

    private int Run(params string[] args) =>
        new RootCommand { PolicyCheckCommand.Create() }.Parse(["check", .. args]).Invoke(new() { Output = _output, Error = _error });
}
