using System.Net.Sockets;
using Gateway.Identity;
using Gateway.Policy;
using Xunit;

namespace Gateway.Tests.Identity;

/// <summary>Who a local account is to the policy (I58, and A5 of the threats: to be taken for somebody else).</summary>
public class PeerAccountTests
{
    private static readonly AccessPolicy Policy = new(
        new Dictionary<string, Role>(),
        new Dictionary<string, PolicyUser>
        {
            ["alice"] = new("alice", [], null) { Unix = "asmith" },
            ["bob"] = new("bob", [], null),
        },
        new Dictionary<string, PolicyGroup>
        {
            ["oncall"] = new("oncall", [], "oncall", ["carol"]) { UnixGroup = "wheel" },
            ["night"] = new("night", [], null, ["alice"]),
        });

    [Fact]
    public void IsTheUserWhoseEntryNamesIt() => Assert.Equal(("alice", "night"), UserOf("asmith"));

    [Fact]
    public void IsAMemberThroughItsLocalGroupUnderItsOwnName() => Assert.Equal(("dora", "oncall"), UserOf("dora", "wheel"));

    [Fact]
    public void JoinsItsLocalGroupToWhatItsUserHas() => Assert.Equal(("alice", "night oncall"), UserOf("asmith", "wheel"));

    [Theory]
    [InlineData("alice")] // the name of a user who has another account
    [InlineData("bob")] // the name of a user without one
    [InlineData("carol")] // a listed member: whoever holds that certificate
    [InlineData("oncall")] // a group's name
    [InlineData("night")]
    [InlineData("Dora")] // no name that a user may have
    [InlineData("library")]
    public void IsNobodyByANameThatIsNotItsOwn(string account) => Assert.Null(Find(account, "wheel"));

    [Fact]
    public void IsNobodyWithoutEntryOrGroup() => Assert.Null(Find("dora"));

    [Fact]
    public void I58_RootIsNobodyUnlessThePolicyNamesIt()
    {
        Assert.Null(EffectiveRoles.Find(Identity(new LocalAccount(0, "root", ["wheel"])), Policy));

        var named = Policy with { Users = new Dictionary<string, PolicyUser> { ["boss"] = new("boss", [], null) { Unix = "root" } } };
        Assert.Equal("boss", EffectiveRoles.Find(Identity(new LocalAccount(0, "root", [])), named)?.User);
    }

    [Fact]
    public void ACertificateOfAnAccountsNameIsNotThatAccount() =>
        Assert.Null(EffectiveRoles.Find(new ClientIdentity("asmith", [], null, "", null), Policy));

    [Fact]
    public void I58_TheOverflowUidIsNobody() => Assert.NotNull(PeerAccountRules.Identify(new PeerAccount(1, [], "overflow"), [], "uid:65534").Refusal);

    [Fact]
    public void AnAccountWithoutNameIsNobody() =>
        Assert.Contains("no account name", PeerAccountRules.Identify(new PeerAccount(4_000_000_000, [], null), [], "uid:4000000000").Refusal, StringComparison.Ordinal);

    [Fact]
    public async Task TheKernelTellsWhoConnected()
    {
        var path = Path.Combine(Directory.CreateTempSubdirectory("peer-").FullName, "s");
        using var listener = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        listener.Bind(new UnixDomainSocketEndPoint(path));
        listener.Listen();
        using var client = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        await client.ConnectAsync(new UnixDomainSocketEndPoint(path), TestContext.Current.CancellationToken);
        using var accepted = await listener.AcceptAsync(TestContext.Current.CancellationToken);

        var account = PeerAccount.Of(accepted);
        Directory.Delete(Path.GetDirectoryName(path)!, recursive: true);

        Assert.Null(account.Refusal);
        Assert.Equal(Environment.UserName, PeerAccountRules.Identify(account, [], "").Name);
    }

    private static (string User, string Groups)? UserOf(string account, params string[] groups) =>
        Find(account, groups) is { } caller ? (caller.User, string.Join(' ', caller.Groups.Order(StringComparer.Ordinal))) : null;

    private static Caller? Find(string account, params string[] groups) => EffectiveRoles.Find(Identity(new LocalAccount(1000, account, groups)), Policy);

    private static ClientIdentity Identity(LocalAccount account) => new(account.Name, [], null, $"uid:{account.Uid}", null) { Account = account };
}
