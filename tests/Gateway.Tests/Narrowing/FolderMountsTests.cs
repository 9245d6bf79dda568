using System.Text;
using System.Text.Json.Nodes;
using Gateway.Forwarding;
using Gateway.Narrowing;
using Xunit;

namespace Gateway.Tests.Narrowing;

/// <summary>What is shown of the volumes of granted folders: the binds that were asked for, and nothing else (I40).</summary>
public sealed class FolderMountsTests
{
    private const string Inspected = """
        {"Id":"a","HostConfig":{"Mounts":[{"Type":"volume","Source":"gateway-folder.srv.a","Target":"/m","VolumeOptions":{"Subpath":"x/y","DriverConfig":{}}},{"Type":"volume","Source":"mine","Target":"/v"}]},
        "Mounts":[{"Type":"volume","Name":"gateway-folder.srv.a","Source":"/var/lib/docker/volumes/gateway-folder.srv.a/_data","Destination":"/m","Driver":"local","Mode":"z","RW":true,"Propagation":""},
        {"Type":"volume","Name":"mine","Source":"/var/lib/docker/volumes/mine/_data","Destination":"/v","Driver":"local","RW":true}]}
        """;

    [Fact]
    public void ShowsTheBindOfAPathInsideAFolder()
    {
        var shown = JsonNode.Parse(FolderMounts.Container(Encoding.UTF8.GetBytes(Inspected)))!;

        Assert.Equal("""{"Type":"bind","Source":"/srv/a/x/y","Destination":"/m","Mode":"z","RW":true,"Propagation":"rprivate"}""", shown["Mounts"]![0]!.ToJsonString());
        Assert.Equal("""{"Type":"bind","Source":"/srv/a/x/y","Target":"/m"}""", shown["HostConfig"]!["Mounts"]![0]!.ToJsonString());
        Assert.Equal("mine", (string?)shown["Mounts"]![1]!["Name"]);
        Assert.DoesNotContain("gateway-folder", shown.ToJsonString(), StringComparison.Ordinal);
    }

    [Fact]
    public void LeavesOtherContainersByteForByte()
    {
        var body = Encoding.UTF8.GetBytes("""{ "Id" : "a", "Mounts": [{"Type":"volume","Name":"mine"}] }""");
        Assert.Same(body, FolderMounts.Container(body));
    }

    [Fact]
    public async Task HidesThemFromWhoeverSeesEverythingElse()
    {
        var plan = new ForwardPlan { Method = "GET", Target = "/" };
        var volumes = await Rewritten("VolumeList", """{"Volumes":[{"Name":"gateway-folder.srv.a"},{"Name":"b"}],"Warnings":["w"]}""");
        var usage = await Rewritten("SystemDataUsage", $$"""{"LayersSize":5,"Volumes":[{"Name":"gateway-folder.srv.a"}],"Containers":[{{Inspected}}]}""");

        Assert.Equal("""{"Volumes":[{"Name":"b"}],"Warnings":["w"]}""", volumes);
        Assert.StartsWith("""{"LayersSize":5,"Volumes":[],"Containers":[""", usage, StringComparison.Ordinal);
        Assert.DoesNotContain("gateway-folder", usage, StringComparison.Ordinal);
        Assert.DoesNotContain("gateway-folder", await Rewritten("ContainerInspect", Inspected), StringComparison.Ordinal);
        Assert.Null(await Line("""{"Type":"volume","Action":"mount","Actor":{"ID":"gateway-folder.srv.a"}}"""));
        Assert.NotNull(await Line("""{"Type":"volume","Action":"mount","Actor":{"ID":"b"}}"""));
        Assert.NotNull(await Line("""{"Type":"container","Action":"exec_create: ls gateway-folder.x","Actor":{"ID":"c"}}"""));

        async Task<string> Rewritten(string operation, string body) =>
            Encoding.UTF8.GetString((await FolderMounts.Hide(plan, operation).RewriteAnswer!(new WholeAnswer(200, Encoding.UTF8.GetBytes(body)), TestContext.Current.CancellationToken)).Body).Trim();

        async Task<byte[]?> Line(string line) => await FolderMounts.Hide(plan, "SystemEvents").RewriteLine!(Encoding.UTF8.GetBytes(line), TestContext.Current.CancellationToken);
    }
}
