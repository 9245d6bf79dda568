using Gateway.Policy.Commands;
using Gateway.Policy.Layout;
using Gateway.Tests.Policy.Files.Support;
using Xunit;

namespace Gateway.Tests.Policy.Commands;

public sealed class PolicyFmtCommandTests : IDisposable
{
    private const string Untidy = """
        # Who may do what.
        users: {alice: {roles: [r]}}   # people
        roles:
            # The everyday role.
            r:
                grants:
                    networks:
                        - bridge   # for now
                        - own
                    images: [ 'docker.io/library/*' ,
                              nginx ]
                    # binds: none yet
                rules:
                    - allow: [SystemVersion]
                      id: look   # harmless
                      # below the rule
                    - {id: own, allow: ["Container*"], on: {label: {team: a}}}
            s: {rules: [], root-equivalent: true, about: "all: of it"}
        version: 1
        # the end
        """;

    private const string Tidy = """
        # Who may do what.
        version: 1

        roles:
          # The everyday role.
          r:
            rules:
              - id: look  # harmless
                allow: [SystemVersion]
                # below the rule
              - id: own
                allow: ["Container*"]
                on: {label: {team: a}}
            grants:
              images: ["docker.io/library/*", nginx]
              networks:
                - bridge  # for now
                - own
              # binds: none yet

          s:
            about: "all: of it"
            root-equivalent: true
            rules: []

        users:  # people
          alice: {roles: [r]}

        # the end

        """;

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
    public void LaysOutAndKeepsEveryComment()
    {
        var written = PolicyLayout.Of("a.yaml", Untidy);
        foreach (var comment in new[] { "# Who may do what.", "# people", "# The everyday role.", "# for now", "# binds: none yet", "# harmless", "# below the rule", "# the end" })
        {
            Assert.Contains(comment, written, StringComparison.Ordinal);
        }

        Assert.Equal(Tidy.ReplaceLineEndings("\n"), written);
    }

    [Fact]
    public void IsIdempotent() => Assert.Equal(PolicyLayout.Of("a.yaml", Untidy), PolicyLayout.Of("a.yaml", PolicyLayout.Of("a.yaml", Untidy)));

    [Fact]
    public void LeavesTheShippedPoliciesAsTheyAre()
    {
        Assert.Equal(0, PolicyFmtCommand.Run(ShippedPolicies.Folder, checkOnly: true, _output, _error));
        Assert.Equal("", _output.ToString() + _error);
    }

    [Fact]
    public void ChangesNothingUnderCheck()
    {
        var file = _dir.Write("a.yaml", Untidy);
        Assert.Equal(1, PolicyFmtCommand.Run(_dir.Root, checkOnly: true, _output, _error));
        Assert.Equal(Untidy, File.ReadAllText(file));
        Assert.Equal(0, PolicyFmtCommand.Run(_dir.Root, checkOnly: false, _output, _error));
        Assert.Equal(0, PolicyFmtCommand.Run(_dir.Root, checkOnly: true, _output, _error));
        Assert.Equal([file], Directory.GetFileSystemEntries(_dir.Root));
    }

    [Theory]
    [InlineData("version: 1\nroles: {r: {rules: [{id: x, allow: [\"*\"], reason: 'a # b: c'}]}}")]
    [InlineData("version: 1\nroles:\n  r:\n    about: |\n      two\n      lines\n    rules: []")]
    [InlineData("version: 1\nroles:\n  r:\n    about: >-\n      folded\n      text, with [brackets]\n    rules: []\n")]
    [InlineData("version: 1 # one\n\n\n# two\n# three\nroles: {}\n")]
    [InlineData("version: 1\nusers:\n  \"alice\":\n    roles: []\n")]
    [InlineData("version: 1\nroles:\n  r:\n    rules:\n      # first\n      - # odd\n        id: x # id\n        allow: [A, # in flow\n          B]\n")]
    public void SaysTheSameAsBefore(string text)
    {
        // Of itself it reads its result again, compares, and refuses rather than change anything.
        var written = PolicyLayout.Of("a.yaml", text);
        Assert.Equal(written, PolicyLayout.Of("a.yaml", written));
    }

    [Fact]
    public void WritesNothingWhereAFileIsBroken()
    {
        var file = _dir.Write("a.yaml", "version: 1\n  roles: [");
        Assert.Equal(78, PolicyFmtCommand.Run(_dir.Root, checkOnly: false, _output, _error));
        Assert.Equal("version: 1\n  roles: [", File.ReadAllText(file));
        Assert.Contains($"{file}:2:", _error.ToString(), StringComparison.Ordinal);
    }
}
