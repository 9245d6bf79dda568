using System.Text.Json;
using Gateway.EngineApi;
using Gateway.Entitlement;
using Gateway.Identity;
using Gateway.Objects;
using Gateway.Policy;
using Gateway.Tests.Identity.Support;
using Gateway.Tests.Trust.Support;
using Org.BouncyCastle.Crypto;
using Xunit;

namespace Gateway.Tests.Entitlement;

/// <summary>What ends a call that was allowed, and what does not.</summary>
public sealed class JudgementTests : IDisposable
{
    private const string Container = "ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff";
    private static readonly AsymmetricCipherKeyPair Key = TestAuthority.NewKey();
    private readonly TrustFolder folder = new();
    private readonly ClientCredential alice;

    public JudgementTests() => alice = new ClientCredential(folder.Authority.Issue(CertificateDraft.Client() with { Key = Key }), "test");

    public void Dispose() => folder.Dispose();

    [Fact]
    public void LetsACallGoOnWhenNothingOfItsUserChanged()
    {
        var call = Follow();
        folder.WritePolicy(TrustFolder.OneUser + "  bob: {roles: [looker]}\n");
        folder.WriteList(folder.Authority.List(folder.Authority.Issue(CertificateDraft.Client("bob"))));

        Assert.Null(Judgement.WhyEnded(folder.Whole(), call, TestAuthority.Now));
    }

    public static TheoryData<string> Policies => [.. PolicyCases.Keys];

    private static Dictionary<string, (string Policy, string Words)> PolicyCases { get; } = new()
    {
        ["removed"] = (TrustFolder.OneUser.Replace("alice", "bob", StringComparison.Ordinal), "not in the policy any more"),
        ["pinned to another key"] = (TrustFolder.OneUser.Replace("[looker]", "[looker], certificate: {spki: \"sha256:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\"}", StringComparison.Ordinal), "needs another key"),
        ["operation taken away"] = (TrustFolder.OneUser.Replace(", ContainerLogs", "", StringComparison.Ordinal), "no role of this user allows ContainerLogs"),
        ["operation denied"] = (TrustFolder.OneUser.Replace("    grants:", "      - {id: no, deny: [ContainerLogs], reason: not today}\n    grants:", StringComparison.Ordinal), "not today"),
        ["given a role without it"] = (TrustFolder.OneUser.Replace("users:", "  idle:\n    rules: [{id: ping, allow: [SystemPing]}]\n    grants: {}\nusers:", StringComparison.Ordinal).Replace("{roles: [looker]}", "{roles: [idle]}", StringComparison.Ordinal), "allows ContainerLogs"),
    };

    [Theory]
    [MemberData(nameof(Policies))]
    public void EndsACallWhoseUserWas(string change)
    {
        var call = Follow();
        folder.WritePolicy(PolicyCases[change].Policy);

        Assert.Contains(PolicyCases[change].Words, Judgement.WhyEnded(folder.Whole(), call, TestAuthority.Now), StringComparison.Ordinal);
    }

    [Fact]
    public void EndsACallWhoseCertificateIsAnotherUsersNow()
    {
        var call = Follow();
        var pin = ClientCertificateRules.Identify(alice.Certificate!, call.Call.DecidedBy.Clients, TestAuthority.Now, "test").Certificate!.Spki;
        folder.WritePolicy(TrustFolder.OneUser + $"  renamed: {{roles: [looker], certificate: {{spki: \"{pin}\"}}}}\n");

        Assert.Contains("is user \"renamed\"", Judgement.WhyEnded(folder.Whole(), call, TestAuthority.Now), StringComparison.Ordinal);
    }

    [Fact]
    public void EndsARevokedHoldersCall()
    {
        var call = Follow();
        folder.WriteList(folder.Authority.List(alice.Certificate!));

        Assert.Contains("certificate \"alice\"", Judgement.WhyEnded(folder.Whole(), call, TestAuthority.Now), StringComparison.Ordinal);
    }

    [Fact]
    public void EndsACallAtTheCertificatesEnd()
    {
        folder.WriteList(folder.Authority.List(new ListDraft { Ends = TimeSpan.FromDays(60) }));
        var call = Follow();

        Assert.Contains("expired", Judgement.WhyEnded(call.Call.DecidedBy, call, TestAuthority.Now.AddDays(30).AddSeconds(1)), StringComparison.Ordinal);
    }

    [Fact]
    public void EndsACallWhoseAuthorityIsNotTrustedAnyMore()
    {
        var call = Follow();
        var other = TestAuthority.Create("CN=Second CA");
        folder.WriteAuthorities(other);
        folder.WriteList(other.List());

        Assert.Contains("not issued by a CA", Judgement.WhyEnded(folder.Whole(), call, TestAuthority.Now), StringComparison.Ordinal);
    }

    [Fact]
    public void EndsEventsOfEverybodyForWhomOnlyOwnOnesAreLeft()
    {
        folder.WritePolicy(TrustFolder.OneUser.Replace("ContainerLogs]}", "ContainerLogs], on: all}", StringComparison.Ordinal));
        var call = Call("SystemEvents", null);
        folder.WritePolicy(TrustFolder.OneUser);

        Assert.Contains("narrowed", Judgement.WhyEnded(folder.Whole(), call, TestAuthority.Now), StringComparison.Ordinal);
    }

    /// <summary>Events of images are shown by the names that the role grants.</summary>
    [Fact]
    public void EndsEventsOfImagesThatAreNotGrantedAnyMore()
    {
        folder.WritePolicy(Granting("[nginx, busybox]"));
        var call = Call("SystemEvents", null);
        folder.WritePolicy(Granting("[nginx]"));

        Assert.Contains("narrowed", Judgement.WhyEnded(folder.Whole(), call, TestAuthority.Now), StringComparison.Ordinal);
    }

    private static string Granting(string images) =>
        $"version: 1\nroles:\n  r:\n    rules: [{{id: look, allow: [SystemEvents]}}]\n    grants: {{images: {images}}}\nusers:\n  alice: {{roles: [r]}}\n";

    private EntitledCall Follow() => Call("ContainerLogs", Container);

    private EntitledCall Call(string operation, string? name)
    {
        var trust = folder.Whole();
        var request = new EngineRequest { Id = "1", Method = "GET", RawPath = "/x", Operation = OperationCatalogue.Get(operation), Name = name, Header = _ => null };
        var objects = new Dictionary<ObjectReference, EngineObject?>();
        if (name is not null)
        {
            objects[new ObjectReference(ObjectKind.Container, name)] = new EngineObject(ObjectKind.Container, name, "web", "alice", new Dictionary<string, string>(), JsonDocument.Parse("{}").RootElement);
        }

        var caller = EffectiveRoles.Find(trust.Identify(alice, TestAuthority.Now), trust.Policy)!;
        var verdict = PolicyEvaluator.Decide(caller, request, ReadOnlyMemory<byte>.Empty, new RequestFacts { Objects = objects, HostPaths = HostPathFacts.AsGranted });
        Assert.True(verdict.Decision.Allowed, verdict.Decision.Detail);
        return new EntitledCall(new DecidedCall(trust, request, [], objects, verdict.Context!), alice);
    }
}
