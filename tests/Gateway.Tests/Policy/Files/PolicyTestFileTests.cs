using Gateway.Policy.Files.Cases;
using Gateway.Tests.Policy.Files.Support;
using Xunit;

namespace Gateway.Tests.Policy.Files;

public sealed class PolicyTestFileTests : IDisposable
{
    private readonly PolicyDirectory _dir = new();

    public void Dispose() => _dir.Dispose();

    [Fact]
    public void ReadsEveryKeyOfACase()
    {
        var read = Assert.Single(Load("""
            cases:
              - name: is refused
                user: alice
                roles: [developer, other]
                request: POST /v1.41/containers/create?name=a
                headers: {Content-Type: application/json}
                body: '{"Image": "busybox"}'
                owner: other
                expect: deny
                rule: no-create
                status: 403
                field: HostConfig.Privileged
            """).Cases);
        Assert.Equal(("is refused", "alice", "POST", "/v1.41/containers/create?name=a"), (read.Name, read.User, read.Method, read.Target));
        Assert.Equal(["developer", "other"], read.Roles);
        Assert.Equal("application/json", read.Headers["content-type"]);
        Assert.Equal("{\"Image\": \"busybox\"}", read.Body);
        Assert.Equal((CaseOwner.Other, false, "no-create", 403, "HostConfig.Privileged"), (read.Owner, read.ExpectsAllow, read.Rule, read.Status, read.Field));
        Assert.Equal((2, 5), (read.At.Line, read.At.Column));
    }

    [Fact]
    public void FillsInUserAndRolesOfTheFile()
    {
        var cases = Load("""
            user: alice
            roles: [developer]
            cases:
              - {name: a, request: GET /version, expect: allow}
              - {name: b, request: GET /version, expect: allow, user: bob}
              - {name: c, request: GET /version, expect: allow, roles: [admin]}
            """).Cases;
        Assert.Equal(["alice developer", "bob ", "alice admin"], cases.Select(c => $"{c.User} {string.Join(' ', c.Roles ?? [])}"));
        Assert.Null(cases[1].Roles);
        Assert.Equal((CaseOwner.Mine, null, null), (cases[0].Owner, cases[0].Body, cases[0].Status));
    }

    [Theory]
    [InlineData("{a: 1, b: -1.5e3, c: true, d: null, e: ~, f: }", "{\"a\":1,\"b\":-1.5e3,\"c\":true,\"d\":null,\"e\":null,\"f\":null}")]
    [InlineData("{a: \"1\", b: 'true', c: 01, d: 0x10, e: yes, f: 1.}", "{\"a\":\"1\",\"b\":\"true\",\"c\":\"01\",\"d\":\"0x10\",\"e\":\"yes\",\"f\":\"1.\"}")]
    [InlineData("[{a: []}, {}]", "[{\"a\":[]},{}]")]
    public void TurnsBodyIntoJson(string body, string expected) =>
        Assert.Equal(expected, Assert.Single(Load($"cases: [{{name: a, user: u, request: GET /x, expect: deny, body: {body}}}]").Cases).Body);

    [Theory]
    [InlineData("user: u", "1:1: missing key \"cases\"; write cases: [{name: …, request: …, expect: …}]")]
    [InlineData("cases: [{name: a, request: GET /x, expect: deny}]", "1:9: missing key \"user\"; write user: NAME in the case or at the top of the file")]
    [InlineData("cases: [{user: u, request: GET /x, expect: deny}]", "1:9: missing key \"name\"; write name: TEXT")]
    [InlineData("cases: [{name: a, user: u, expect: deny}]", "1:9: missing key \"request\"; write request: METHOD TARGET")]
    [InlineData("cases: [{name: a, user: u, request: GET /x}]", "1:9: missing key \"expect\"; write expect: allow or expect: deny")]
    [InlineData("cases: [{name: a, user: u, request: /x, expect: deny}]", "1:37: \"/x\" is not a request: write METHOD and the target, as in GET /containers/json")]
    [InlineData("cases: [{name: a, user: u, request: GET /x, expect: alow}]", "1:53: expected one of allow, deny, not \"alow\"; did you mean \"allow\"?")]
    [InlineData("cases: [{name: a, user: u, request: GET /x, expect: deny, owner: bob}]", "1:66: expected one of mine, other, absent, not \"bob\"")]
    [InlineData("cases: [{name: a, user: u, request: GET /x, expect: deny, status: 200}]", "1:67: \"200\" is not the status of a denial: 400 to 599")]
    [InlineData("cases: [{name: a, user: u, request: GET /x, expect: allow, status: 403}]", "1:60: only a denial has a status and a field")]
    [InlineData("cases: [{name: a, user: u, request: GET /x, expect: deny, feild: x}]", "1:59: unknown key \"feild\"; did you mean \"field\"?")]
    [InlineData("cases: [{name: a, user: u, request: GET /x, expect: deny}, {name: a, user: u, request: GET /x, expect: deny}]", "1:67: case \"a\" already stands at t.test.yaml:1:9")]
    [InlineData("cases: [{name: a, user: u, request: GET /x, expect: deny, headers: {A: b, a: c}}]", "1:75: header \"a\" stands twice")]
    [InlineData("cases: [{name: a, user: u, request: GET /x, expect: deny, body: {a: 1, a: 2}}]", "1:72: duplicate key \"a\"; it already stands at t.test.yaml:1:66")]
    public void RefusesCase(string text, string expected)
    {
        var result = Load(text);
        Assert.Equal("t.test.yaml:" + expected, Assert.Single(result.Errors).ToString().Replace(_dir.Root + "/", "", StringComparison.Ordinal));
    }

    private PolicyTestFileResult Load(string text) => PolicyTestFile.Load(_dir.Write("t.test.yaml", text));
}
