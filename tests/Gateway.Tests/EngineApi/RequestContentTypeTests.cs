using Gateway.EngineApi;
using Xunit;

namespace Gateway.Tests.EngineApi;

/// <summary>Threats §2.4; I9.</summary>
public class RequestContentTypeTests
{
    [Theory]
    [InlineData("ContainerCreate", "application/json", true)]
    [InlineData("ContainerCreate", "Application/JSON; charset=UTF-8", true)]
    [InlineData("ContainerCreate", "application/json ; charset=\"utf-8\"", true)]
    [InlineData("ContainerCreate", "application/json;", true)]
    [InlineData("ContainerCreate", null, false)]
    [InlineData("ContainerStart", "text/plain", false)]
    [InlineData("ContainerStart", "application/json", false)]
    [InlineData("ImageBuild", "application/x-tar", true)]
    [InlineData("ImageBuild", null, true)]
    [InlineData("ImagePush", "application/json", true)]
    [InlineData("ContainerStart", "application/json", true)]
    [InlineData("ContainerStop", null, true)]
    [InlineData("ContainerAttach", "application/json", true)]
    public void Accepts(string operation, string? type, bool hasBody) => RequestContentType.Check(OperationCatalogue.Get(operation), type, hasBody);

    [Theory]
    [InlineData("ContainerCreate", null, true)]
    [InlineData("ContainerCreate", "", true)]
    [InlineData("ContainerCreate", "text/plain", true)]
    [InlineData("ContainerCreate", "application/json; charset=utf-16", true)]
    [InlineData("ContainerCreate", "application/json; charset=utf-8; charset=utf-16", true)]
    [InlineData("ContainerCreate", "application/json, text/plain", true)]
    [InlineData("ContainerCreate", "application/vnd.docker+json", true)]
    [InlineData("ContainerCreate", "application/x-www-form-urlencoded", true)]
    [InlineData("ContainerStart", "text/plain", true)]
    [InlineData("ContainerAttach", "application/octet-stream", true)]
    [InlineData("Session", "application/json", true)]
    [InlineData("ContainerList", "application/json", true)]
    [InlineData("ImagePush", "text/plain", true)]
    [InlineData("SystemAuth", "text/plain", true)]
    public void Refuses(string operation, string? type, bool hasBody) =>
        Assert.Equal(400, Assert.Throws<RequestRefusedException>(() => RequestContentType.Check(OperationCatalogue.Get(operation), type, hasBody)).Status);

    [Theory]
    [InlineData("application/x-www-form-urlencoded")]
    [InlineData("Application/X-WWW-Form-Urlencoded; charset=utf-8")]
    [InlineData("multipart/form-data; boundary=x")]
    [InlineData("multipart/mixed")]
    [InlineData("application/json, application/x-www-form-urlencoded")]
    public void I9_RefusesAFormOnEveryOperationWithAndWithoutABody(string type) =>
        Assert.All(OperationCatalogue.All, operation =>
        {
            Assert.Throws<RequestRefusedException>(() => RequestContentType.Check(operation, type, hasBody: true));
            Assert.Throws<RequestRefusedException>(() => RequestContentType.Check(operation, type, hasBody: false));
        });
}
