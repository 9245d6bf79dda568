using System.Xml.Linq;
using Gateway.Policy.Commands;
using Gateway.Tests.Policy.Files.Support;
using Xunit;

namespace Gateway.Tests.Policy.Commands;

public sealed class PolicyTestCommandTests : IDisposable
{
    private readonly PolicyDirectory _dir = new();
    private readonly StringWriter _output = new();
    private readonly StringWriter _error = new();

    public PolicyTestCommandTests() => _dir.Write("a.yaml", """
        version: 1
        roles:
          r:
            rules:
              - {id: look, allow: [SystemVersion]}
              - {id: run, allow: [ContainerCreate]}
            grants: {images: [nginx, busybox], networks: [bridge], memory: {default: 512m, max: 1g}}
        users: {alice: {roles: [r]}}
        """);

    public void Dispose()
    {
        _dir.Dispose();
        _output.Dispose();
        _error.Dispose();
    }

    [Fact]
    public void EndsWithTheCount()
    {
        Cases("- {name: good, request: GET /version, expect: allow, rule: look}", "- {name: bad, request: GET /info, expect: allow}");
        Assert.Equal(1, Run(new()));
        Assert.EndsWith("\n1 passed, 1 failed\n", _output.ToString(), StringComparison.Ordinal);
        Assert.Contains("a.test.yaml:4:5: bad: denied with 403", _output.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void WritesJUnit()
    {
        Cases("- {name: good, request: GET /version, expect: allow}", "- {name: \"bad <&>\", request: GET /info, expect: allow}");
        var file = Path.Combine(_dir.Root, "out.xml");
        Assert.Equal(1, Run(new(JUnit: file)));
        var suites = XDocument.Load(file).Root!;
        Assert.Equal(("2", "1"), (suites.Attribute("tests")!.Value, suites.Attribute("failures")!.Value));
        Assert.Equal(["good", "bad <&>"], suites.Descendants("testcase").Select(c => c.Attribute("name")!.Value));
        Assert.Single(suites.Descendants("failure"));
    }

    [Fact]
    public void NamesWhatNoCaseTouches()
    {
        Cases("- {name: a, request: POST /containers/create, body: {Image: nginx}, expect: allow}");
        Assert.Equal(1, Run(new(Coverage: true, Threshold: 80)));
        var text = _output.ToString();
        Assert.Contains("a.yaml:5:9: role \"r\": no case touches rule look", text, StringComparison.Ordinal);
        Assert.Contains("no case touches grant images[1]", text, StringComparison.Ordinal);
        Assert.DoesNotContain("touches grant networks[0]", text, StringComparison.Ordinal);
        Assert.Contains("coverage: ", text, StringComparison.Ordinal);
        Assert.Contains(", under 80%", text, StringComparison.Ordinal);
    }

    [Fact]
    public void CountsPatternsAsTheFileHasThemAndWhatACaseWouldUseUp()
    {
        _dir.Write("a.yaml", "version: 1\nroles:\n  r:\n    rules: [{id: x, allow: [ContainerCreate]}]\n    grants: {images: [nginx, \"localhost/${user}/*\"], networks: [bridge]}\n    quota: {containers: 5, networks: 2}\n    rate: {requests: 5/s}\nusers: {alice: {roles: [r]}}\n");
        Cases("- {name: a, request: POST /containers/create, body: {Image: nginx}, expect: allow}", "- {name: b, request: POST /containers/create, body: {Image: localhost/alice/app}, expect: allow}");
        Run(new(Coverage: true));

        // A pattern without a tag is two globs, and own-images are made of images: neither counts twice.
        Assert.Contains("coverage: 85% (6 of 7 rules and grants)", _output.ToString(), StringComparison.Ordinal);
        Assert.Contains("no case touches quota networks", _output.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void TakesALimitForTouchedByACaseThatItStops()
    {
        Cases("- {name: a, request: POST /containers/create, body: {Image: nginx, HostConfig: {Memory: 2147483648}}, expect: deny}");
        Run(new(Coverage: true));
        Assert.DoesNotContain("grant memory", _output.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("- {name: a, request: GET, expect: allow}", "a.test.yaml:3:24: \"GET\" is not a request")]
    [InlineData("- {name: a, request: GET /info, expect: perhaps}", "a.test.yaml:3:43: ")]
    [InlineData("- {name: a, user: nobody, request: GET /info, expect: deny}", "a.test.yaml:3:5: case \"a\": the policies have no user \"nobody\"")]
    [InlineData("- {name: a, user: alcie, request: GET /info, expect: deny}", "did you mean \"alice\"?")]
    [InlineData("- {name: a, user: x, roles: [q], request: GET /info, expect: deny}", "unknown role \"q\"")]
    [InlineData("- {name: a, request: GET /info, expect: deny}\n  - {name: a, request: GET /info, expect: deny}", "case \"a\" already stands at")]
    public void SaysWhereACaseIsBroken(string test, string said)
    {
        Cases(test);
        Assert.Equal(78, Run(new()));
        Assert.Contains(said, _error.ToString(), StringComparison.Ordinal);
    }

    private void Cases(params string[] cases) => _dir.Write("a.test.yaml", "user: alice\ncases:\n" + string.Join('\n', cases.Select(c => "  " + c)));

    private int Run(PolicyTestOptions options) => PolicyTestCommand.Run(_dir.Root, options, _output, _error);
}
