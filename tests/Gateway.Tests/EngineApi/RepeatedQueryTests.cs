using System.Text;
using Gateway.EngineApi;
using Xunit;

namespace Gateway.Tests.EngineApi;

/// <summary>A body where none is read says what the query says, or nothing.</summary>
public sealed class RepeatedQueryTests
{
    [Theory]
    [InlineData("ContainerStart", "")]
    [InlineData("ContainerStart", " \r\n")]
    [InlineData("ContainerStart", "null")]
    [InlineData("ContainerStart", "{}")]
    [InlineData("ContainerStop", """{"t":5,"signal":"TERM"}""")]
    [InlineData("ContainerPrune", """{"filters":{"label":["a"]}}""")]
    [InlineData("ContainerAttach", """{"stream":true,"hijack":true,"stdin":true}""")]
    [InlineData("ImagePush", """{"tag":"1"}""")]
    public void Takes(string operation, string body) => RepeatedQuery.Check(Encoding.UTF8.GetBytes(body), OperationCatalogue.Get(operation));

    [Theory]
    [InlineData("ContainerStart", """{"Binds":["/:/host"]}""")]
    [InlineData("ContainerStart", """{"Privileged":true}""")]
    [InlineData("ContainerStop", """{"T":5}""")]
    [InlineData("ContainerStop", """{"t":5,"t":6}""")]
    [InlineData("ContainerStop", """{"t":5}x""")]
    [InlineData("ContainerStop", """["t"]""")]
    [InlineData("ContainerStop", "t=5")]
    [InlineData("ImagePush", """{"auth":"x"}""")]
    public void Refuses(string operation, string body) =>
        Assert.Equal(400, Assert.Throws<RequestRefusedException>(() => RepeatedQuery.Check(Encoding.UTF8.GetBytes(body), OperationCatalogue.Get(operation))).Status);

    [Fact]
    public void ComesWithNothingButAPost() => Assert.All(OperationCatalogue.All.Where(RepeatedQuery.MayCome), operation => Assert.Equal("POST", operation.Method));
}
