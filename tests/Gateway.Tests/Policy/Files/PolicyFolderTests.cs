using Gateway.Policy.Files;
using Gateway.Tests.Policy.Files.Support;
using Xunit;

namespace Gateway.Tests.Policy.Files;

/// <summary>Several files of one folder: merged as one policy, reported as one list.</summary>
public sealed class PolicyFolderTests : IDisposable
{
    private readonly PolicyDirectory _dir = new();

    public void Dispose() => _dir.Dispose();

    [Fact]
    public void MergesFiles()
    {
        _dir.Write("a.yaml", "version: 1\nusers: {alice: {roles: [r]}}");
        _dir.Write("b.yaml", "version: 1\nroles: {r: {rules: []}}\nusers: {bob: {roles: [r]}}");
        var policy = _dir.Load().Policy!;
        Assert.Equal(["r"], policy.Roles.Keys);
        Assert.Equal(["alice", "bob"], policy.Users.Keys);
    }

    [Fact]
    public void RefusesNamesDefinedTwice()
    {
        _dir.Write("a.yaml", "version: 1\nroles: {r: {rules: []}}\nusers: {alice: {roles: [r]}}\ngroups: {g: {roles: [r]}}");
        _dir.Write("b.yaml", "version: 1\nroles: {r: {rules: []}}\nusers: {alice: {roles: [r]}}\ngroups: {g: {roles: [r]}}");
        Assert.Equal(
            [
                "b.yaml:2:9: role \"r\" is already defined at a.yaml:2:9",
                "b.yaml:3:9: user \"alice\" is already defined at a.yaml:3:9",
                "b.yaml:4:10: group \"g\" is already defined at a.yaml:4:10",
            ],
            _dir.Errors());
    }

    [Fact]
    public void ReportsEveryErrorOfEveryFileInOrder()
    {
        _dir.Write("c.yaml", "version: 1\nroles: ]");
        _dir.Write("b.yaml", "version: 1\nusers: {Bob: {roles: [r]}}\nrolls: {}");
        _dir.Write("a.yaml", "roles:\n  r:\n    rules:\n      - {id: x, alow: [Grpc]}\n      - {id: y, allow: [Gprc]}");
        Assert.Equal(
            [
                "a.yaml:1:1: missing key \"version\"; write \"version: 1\"",
                "a.yaml:4:9: a rule has either \"allow\" or \"deny\"",
                "a.yaml:4:17: unknown key \"alow\"; did you mean \"allow\"?",
                "a.yaml:5:25: unknown operation \"Gprc\"; did you mean \"Grpc\"?",
                "b.yaml:2:9: \"Bob\" is not a name: 1 to 64 of a-z 0-9 . _ -, beginning with a letter or digit",
                "b.yaml:3:1: unknown key \"rolls\"; did you mean \"roles\"?",
                "c.yaml:2:8: while parsing a node, did not find expected node content",
            ],
            _dir.Errors());
    }

    [Fact]
    public void KeepsQuietAboutRolesThatAnUnreadableFileMayDefine()
    {
        _dir.Write("a.yaml", "version: 1\nusers: {alice: {roles: [r]}}");
        _dir.Write("b.yaml", "version: *\nroles: {r: {rules: []}}");
        Assert.Equal(["b.yaml:1:10: a text that begins with \"*\" must be quoted: write \"*\""], _dir.Errors());
    }

    [Fact]
    public void KnowsRolesThatHaveErrorsOfTheirOwn()
    {
        _dir.Write("a.yaml", "version: 1\nroles: {r: []}\nusers: {alice: {roles: [r]}}");
        Assert.Equal(["a.yaml:2:12: expected a mapping, not a list"], _dir.Errors());
    }

    [Fact]
    public void LeavesOtherFilesAlone()
    {
        _dir.Write("a.yaml", "version: 1");
        _dir.Write("a.test.yaml", "not: a policy");
        _dir.Write(".a.yaml", "an editor's");
        _dir.Write("README.md", "# read me");
        Directory.CreateDirectory(Path.Combine(_dir.Root, "old"));
        File.WriteAllText(Path.Combine(_dir.Root, "old", "b.yaml"), "version: 7");
        var result = _dir.Load();
        Assert.Empty(result.Errors);
        Assert.Empty(result.Warnings);
    }

    [Theory]
    [InlineData("b.yml")]
    [InlineData("b.YAML")]
    public void WarnsOfFilesThatLookLikePolicies(string name)
    {
        _dir.Write("a.yaml", "version: 1");
        var path = _dir.Write(name, "version: 1");
        Assert.Equal([$"{path}: not read: only files named *.yaml are policy files"], _dir.Load().Warnings);
    }

    [Fact]
    public void RefusesFolderWithoutPolicies()
    {
        _dir.Write("a.test.yaml", "cases: []");
        Assert.Equal([$"{_dir.Root}: holds no policy file (*.yaml)"], _dir.Errors());
    }

    [Fact]
    public void RefusesMissingFolder()
    {
        var missing = Path.Combine(_dir.Root, "none");
        var result = PolicyFolder.Load(missing, PolicyDirectory.OrdinaryHost);
        Assert.Equal($"{missing}: no such folder", Assert.Single(result.Errors).ToString());
        Assert.Null(result.Policy);
    }

    [Fact]
    public void RefusesFileInPlaceOfFolder()
    {
        var file = _dir.Write("a.yaml", "version: 1");
        Assert.Equal($"{file}: is a file; name the folder that holds it", Assert.Single(PolicyFolder.Load(file, PolicyDirectory.OrdinaryHost).Errors).ToString());
    }

    [Fact]
    public void ReadsPastByteOrderMark()
    {
        File.WriteAllBytes(Path.Combine(_dir.Root, "a.yaml"), [0xef, 0xbb, 0xbf, .. "version: 1"u8]);
        Assert.Empty(_dir.Errors());
    }

    [Fact]
    public void ReportsDanglingLink()
    {
        File.CreateSymbolicLink(Path.Combine(_dir.Root, "a.yaml"), Path.Combine(_dir.Root, "gone"));
        Assert.StartsWith("a.yaml: cannot be read: ", Assert.Single(_dir.Errors()), StringComparison.Ordinal);
    }

    [Fact]
    public void AnswersEveryMutilatedFileWithFindings()
    {
        var seed = File.ReadAllText(Path.Combine(ShippedPolicies.Folder, "developer.yaml"));
        var random = new Random(25);
        for (var round = 0; round < 2000; round++)
        {
            var text = seed.ToCharArray().ToList();
            for (var change = random.Next(1, 6); change > 0; change--)
            {
                var at = random.Next(text.Count);
                if (random.Next(2) == 0) text.RemoveAt(at);
                else text.Insert(at, (char)random.Next(9, 127));
            }

            _dir.Write("p.yaml", new string([.. text]));
            var result = _dir.Load();
            Assert.Equal(result.Policy is null, result.Errors.Count > 0);
            Assert.All(result.Errors, e => Assert.True(e.At is { Line: > 0, Column: > 0 }, e.ToString()));
        }
    }
}
