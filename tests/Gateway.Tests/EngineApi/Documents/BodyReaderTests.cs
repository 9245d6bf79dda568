using System.Text;
using Gateway.EngineApi;
using Gateway.EngineApi.Documents;
using Gateway.EngineApi.Documents.Swarm;
using Xunit;

namespace Gateway.Tests.EngineApi.Documents;

/// <summary>JSON bodies read as Go's encoding/json reads them, or refused (threats §2.5).</summary>
public class BodyReaderTests
{
    /// <summary>Spellings that engines accept, and what is forwarded for each.</summary>
    public static TheoryData<string, string> Accepted { get; } = new()
    {
        { """{"Image":"a"}""", """{"Image":"a","HostConfig":{}}""" },
        { """{"image":"a","HOSTCONFIG":{"privileged":true}}""", """{"HostConfig":{"Privileged":true},"Image":"a"}""" },
        { """{"Image":"a","Ho\u017ftConfig":{"Networ\u212aMode":"x"}}""", """{"HostConfig":{"NetworkMode":"x"},"Image":"a"}""" },
        { "{\"Image\":\"a\",\"HoſtConfig\":{\"Linkſ\":[\"x\"]}}", """{"HostConfig":{"Links":["x"]},"Image":"a"}""" },
        { """{"\u0049mage":"\u0061"}""", """{"HostConfig":{},"Image":"a"}""" },
        { """{"Image":"a","HostConfig":null,"Labels":null,"Tty":null,"Mounts":null}""".Replace(",\"Mounts\":null", "", StringComparison.Ordinal), """{"HostConfig":{},"Image":"a"}""" },
        { """{"Entrypoint":"x","Cmd":["y"],"Shell":"","HostConfig":{"CapAdd":"ALL"}}""", """{"HostConfig":{"CapAdd":["ALL"]},"Cmd":["y"],"Entrypoint":["x"],"Shell":[""]}""" },
        { """{"Cmd":null,"Entrypoint":[]}""", """{"HostConfig":{},"Entrypoint":[]}""" },
        { """{"StopTimeout":-0,"HostConfig":{"Memory":9223372036854775807,"BlkioWeight":65535}}""", """{"HostConfig":{"Memory":9223372036854775807,"BlkioWeight":65535},"StopTimeout":0}""" },
        { """{"HostConfig":{"IOMaximumIOps":18446744073709551615}}""", """{"HostConfig":{"IOMaximumIOps":18446744073709551615}}""" },
        { """{"HostConfig":{"PortBindings":{"80/tcp":null,"81/tcp":[{}]}}}""", """{"HostConfig":{"PortBindings":{"80/tcp":null,"81/tcp":[{}]}}}""" },
        { """{"Labels":{"a":"1","A":"2","\u017f":"3"}}""", """{"HostConfig":{},"Labels":{"a":"1","A":"2","\u017F":"3"}}""" },
        { """{"NetworkingConfig":{"mynet":null}}""", """{"HostConfig":{},"NetworkingConfig":{}}""" },
        { """{"name":"web","authConfig":null,"PortSpecs":null,"Image":"a","HostConfig":{"LxcConf":[],"DiskQuota":0,"NetworkMaximumBandwidth":0}}""", """{"HostConfig":{},"Image":"a"}""" },
        { """{"name":null,"authConfig":{"username":"u","password":"p","serveraddress":"x"},"PortSpecs":[],"Image":"a"}""", """{"HostConfig":{},"Image":"a"}""" },
        { " \t\r\n{ \"Image\" : \"a\" } \n", """{"HostConfig":{},"Image":"a"}""" },
        { """{"Volumes":{"/a":{}},"HostConfig":{"MaskedPaths":[]}}""", """{"HostConfig":{"MaskedPaths":[]},"Volumes":{"/a":{}}}""" },
    };

    /// <summary>What is refused, and the field that the message names.</summary>
    public static TheoryData<string, string?> Refused { get; } = new()
    {
        { """{"Image":"a","Frobnicate":1}""", "Frobnicate" },
        { """{"Image":"a","HostConfig":{"Frobnicate":null}}""", "HostConfig.Frobnicate" },
        { """{"hostconfig":{"mounts":[{},{"sorce":"x"}]}}""", "hostconfig.mounts[1].sorce" },
        { """{"HostConfig":{"LogConfig":{"Config":{},"x":{}}}}""", "HostConfig.LogConfig.x" },
        { """{"Volumes":{"/a":{"x":1}}}""", "Volumes[\"/a\"].x" },
        { """{"Privileged":true}""", "Privileged" },
        { """{"name":1}""", "name" },
        { """{"Name":"x"}""", "Name" },
        { """{"name":"x","name":"x"}""", "name" },
        { """{"authConfig":{"HostConfig":{}}}""", "authConfig.HostConfig" },
        { """{"PortSpecs":["80"]}""", "PortSpecs" },
        { """{"HostConfig":{"DiskQuota":1}}""", "HostConfig.DiskQuota" },
        { """{"HostConfig":{"LxcConf":[{"Key":"a"}]}}""", "HostConfig.LxcConf" },
        { """{"HostConfig":{"name":"x"}}""", "HostConfig.name" },
        { """{"binds":["/:/h"]}""", "binds" },
        { """{"Image":"a","Image":"b"}""", "Image" },
        { """{"Image":"a","image":"b"}""", "image" },
        { """{"HostConfig":{},"Ho\u017ftConfig":{}}""", "HoſtConfig" },
        { """{"HostConfig":{"NetworkMode":"a","Networ\u212aMode":"b"}}""", "HostConfig.Networ\u212AMode" },
        { """{"HostConfig":{"Memory":1,"memory":null}}""", "HostConfig.memory" },
        { """{"HostConfig":{"Mounts":[{"Type":"bind","type":"volume"}]}}""", "HostConfig.Mounts[0].type" },
        { """{"Labels":{"a":"1","a":"1"}}""", "Labels[\"a\"]" },
        { """{"Labels":{"a":"1","\u0061":"1"}}""", "Labels[\"a\"]" },
        { """{"NetworkingConfig":{"EndpointsConfig":{"x":null}}}""", "NetworkingConfig.EndpointsConfig[\"x\"]" },
        { """{"NetworkingConfig":{"mynet":{}}}""", "NetworkingConfig.mynet" },
        { """{"HostConfig":{"Mounts":[null]}}""", "HostConfig.Mounts[0]" },
        { """{"Env":["A=1",null]}""", "Env[1]" },
        { """{"Labels":{"a":null}}""", "Labels[\"a\"]" },
        { """{"HostConfig":{"Memory":1e8}}""", "HostConfig.Memory" },
        { """{"HostConfig":{"Memory":1.0}}""", "HostConfig.Memory" },
        { """{"HostConfig":{"Memory":"1"}}""", "HostConfig.Memory" },
        { """{"HostConfig":{"Memory":9223372036854775808}}""", "HostConfig.Memory" },
        { """{"HostConfig":{"BlkioWeight":65536}}""", "HostConfig.BlkioWeight" },
        { """{"HostConfig":{"BlkioWeight":-1}}""", "HostConfig.BlkioWeight" },
        { """{"HostConfig":{"BlkioWeight":-0}}""", "HostConfig.BlkioWeight" },
        { """{"HostConfig":{"Privileged":1}}""", "HostConfig.Privileged" },
        { """{"HostConfig":{"Privileged":"true"}}""", "HostConfig.Privileged" },
        { """{"HostConfig":{"Binds":"/:/h"}}""", "HostConfig.Binds" },
        { """{"HostConfig":{"Dns":{}}}""", "HostConfig.Dns" },
        { """{"HostConfig":[]}""", "HostConfig" },
        { """{"Image":{"a":1}}""", "Image" },
        { """{"Image":"\ud800"}""", "Image" },
        { """{"Image":"a\u0000b"}""", "Image" },
        { """{"Labels":{"a\u0000":"b"}}""", "Labels[\"a?\"]" },
        { """{"Ima\u0000ge":"a"}""", "Ima?ge" },
        { """{"Image":"a"}]""", null },
        { """{"Image":"a"}}""", null },
        { """{"Image":"a"}{}""", null },
        { """{"Image":"a"} x""", null },
        { """{"Image":"a",}""", null },
        { """{"Image":"a"}/**/""", null },
        { """{'Image':"a"}""", null },
        { """{"HostConfig":{"Memory":NaN}}""", null },
        { """{"HostConfig":{"Memory":01}}""", null },
        { "\uFEFF{}", null },
        { "null", null },
        { "[]", null },
        { "\"x\"", null },
        { "{\"Image\":\"a", null },
        { "", null },
    };

    [Theory]
    [MemberData(nameof(Accepted))]
    public void ForwardsWhatTheEngineWouldRead(string body, string forwarded)
    {
        var written = EngineBody.Write(EngineBody.Read<ContainerCreateBody>(Encoding.UTF8.GetBytes(body)));

        Assert.True(System.Text.Json.Nodes.JsonNode.DeepEquals(
            System.Text.Json.Nodes.JsonNode.Parse(forwarded), System.Text.Json.Nodes.JsonNode.Parse(written)), Encoding.UTF8.GetString(written));
    }

    [Theory]
    [MemberData(nameof(Refused))]
    public void RefusesNamingTheField(string body, string? field)
    {
        var refusal = Assert.Throws<RequestRefusedException>(() => EngineBody.Read<ContainerCreateBody>(Encoding.UTF8.GetBytes(body)));

        Assert.Equal(400, refusal.Status);
        Assert.Equal(field, refusal.Field);
        Assert.Contains(field ?? "", refusal.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(new byte[] { 0xFF })]
    [InlineData(new byte[] { 0xC0, 0x80 })]
    [InlineData(new byte[] { 0xED, 0xA0, 0x80 })]
    public void RefusesTextThatIsNotUtf8(byte[] text)
    {
        byte[] body = [.. "{\"Image\":\""u8, .. text, .. "\"}"u8];

        Assert.Equal(400, Assert.Throws<RequestRefusedException>(() => EngineBody.Read<ContainerCreateBody>(body)).Status);
    }

    [Fact]
    public void RefusesMoreTokensThanAnyHonestBodyHas()
    {
        var body = "{\"Env\":[" + string.Join(',', Enumerable.Repeat("\"\"", 100_001)) + "]}";

        Assert.Equal(413, Assert.Throws<RequestRefusedException>(() => EngineBody.Read<ContainerCreateBody>(Encoding.UTF8.GetBytes(body))).Status);
    }

    [Fact]
    public void SaysThatAnUnknownFieldMayBelongToANewerEngine()
    {
        var refusal = Assert.Throws<RequestRefusedException>(() => EngineBody.Read<VolumeCreateBody>("""{"Snapshot":true}"""u8));

        Assert.Contains("newer engine", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void TellsWhereAHostFieldAtTopLevelBelongs()
    {
        var refusal = Assert.Throws<RequestRefusedException>(() => EngineBody.Read<ContainerCreateBody>("""{"pidmode":"host"}"""u8));

        Assert.Contains("HostConfig.PidMode", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void NeverShowsAValue()
    {
        var refusal = Assert.Throws<RequestRefusedException>(() => EngineBody.Read<AuthBody>("""{"password":["hunter2"]}"""u8));

        Assert.DoesNotContain("hunter2", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void ReadsTheOddTypesOfSwarm()
    {
        var service = EngineBody.Read<ServiceSpec>("""{"name":"s","TaskTemplate":{"ContainerSpec":{"StopGracePeriod":10000000000,"Privileges":{"Seccomp":{"Profile":"e30="}}},"ForceUpdate":18446744073709551615},"UpdateConfig":{"MaxFailureRatio":0.25}}"""u8);

        Assert.Equal(("s", 10_000_000_000, 0.25f), (service.Name, service.TaskTemplate!.ContainerSpec!.StopGracePeriod, service.UpdateConfig!.MaxFailureRatio));
        Assert.Equal("{}"u8.ToArray(), service.TaskTemplate.ContainerSpec.Privileges!.Seccomp!.Profile);
    }

    [Theory]
    [InlineData("""{"MaxFailureRatio":1e39}""")]
    [InlineData("""{"MaxFailureRatio":"0.1"}""")]
    [InlineData("""{"Parallelism":-1}""")]
    public void RefusesNumbersThatAServiceCannotHold(string config) =>
        Assert.Throws<RequestRefusedException>(() => EngineBody.Read<ServiceSpec>(Encoding.UTF8.GetBytes($$"""{"UpdateConfig":{{config}}}""")));

    [Theory]
    [InlineData("not base64")]
    [InlineData("e30")]
    public void RefusesBytesThatAreNotBase64(string data) =>
        Assert.Throws<RequestRefusedException>(() => EngineBody.Read<SecretSpec>(Encoding.UTF8.GetBytes($$"""{"Data":"{{data}}"}""")));
}
