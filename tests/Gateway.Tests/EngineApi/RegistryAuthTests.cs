using System.Text;
using Gateway.EngineApi;
using Xunit;

namespace Gateway.Tests.EngineApi;

public class RegistryAuthTests
{
    private const string Account = """{"username":"u","password":"hunter2?>","ServerAddress":"registry.example.com","email":""}""";

    [Fact]
    public void ReadsOneAccountAndTellsItsRegistry()
    {
        var auth = Read("ImagePush", "X-Registry-Auth", Account)!;

        Assert.Equal(["registry.example.com"], auth.Registries);
        Assert.Equal("X-Registry-Auth", auth.Head.Key);
        Assert.Equal("""{"username":"u","password":"hunter2?\u003E","email":"","serveraddress":"registry.example.com"}""", Decode(auth.Head.Value), ignoreCase: true);
    }

    [Fact]
    public void ReadsTheAccountsOfABuildAndTellsEachRegistry()
    {
        var auth = Read("ImageBuild", "X-Registry-Config", """{"a.example":{"username":"u"},"b.example":{"serveraddress":"c.example"}}""")!;

        Assert.Equal(["a.example", "b.example", "c.example"], auth.Registries);
    }

    [Theory]
    [InlineData("ContainerCreate", "X-Registry-Auth")]
    [InlineData("ImageBuild", "X-Registry-Auth")]
    [InlineData("ImagePush", "X-Registry-Config")]
    public void LeavesOutAHeadThatTheOperationDoesNotRead(string operation, string head) => Assert.Null(Read(operation, head, Account));

    [Theory]
    [InlineData("null", 1)]
    [InlineData("{}", 1)]
    public void TakesAnEmptyAccountForDockerHub(string json, int registries) => Assert.Equal(registries, Read("ImagePush", "X-Registry-Auth", json)!.Registries.Count(r => r.Length == 0));

    [Fact]
    public void BoundsAHead() =>
        Assert.Throws<RequestRefusedException>(() => RegistryAuth.Read(OperationCatalogue.Get("ImagePush"), _ => Convert.ToBase64String(Encoding.UTF8.GetBytes($$"""{"password":"{{new string('x', 16 << 10)}}"}"""))));

    [Theory]
    [InlineData("not base64")]
    [InlineData("e30")]
    [InlineData("e30=\t")]
    [InlineData("e30==")]
    [InlineData("e+30")]
    [InlineData("bm9wZQ==")]
    [InlineData("eyJhIjoxfQ==")]
    [InlineData("e30gW10=")]
    public void RefusesWhatIsNoAccount(string text) =>
        Assert.Equal(400, Assert.Throws<RequestRefusedException>(() => RegistryAuth.Read(OperationCatalogue.Get("ImagePush"), name => name == "X-Registry-Auth" ? text : null)).Status);

    [Fact]
    public void NeverShowsACredential()
    {
        var auth = Read("ImagePush", "X-Registry-Auth", Account)!;

        Assert.DoesNotContain("hunter2", auth.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain("hunter2", Assert.Throws<RequestRefusedException>(() => Read("ImagePush", "X-Registry-Auth", """{"password":["hunter2"]}""")).Message, StringComparison.Ordinal);
    }

    private static RegistryAuth? Read(string operation, string head, string json) =>
        RegistryAuth.Read(OperationCatalogue.Get(operation), name => name == head ? Convert.ToBase64String(Encoding.UTF8.GetBytes(json)).Replace('+', '-').Replace('/', '_') : null);

    private static string Decode(string text) => Encoding.UTF8.GetString(Convert.FromBase64String(text.Replace('-', '+').Replace('_', '/')));
}
