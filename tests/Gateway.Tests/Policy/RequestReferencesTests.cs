using System.Text;
using Gateway.EngineApi;
using Gateway.Policy;
using Gateway.Requests;
using Gateway.Wire;
using Xunit;

namespace Gateway.Tests.Policy;

/// <summary>Each name in a request costs the engine a call: there is a bound.</summary>
public sealed class RequestReferencesTests
{
    [Theory]
    [InlineData(255, true)]
    [InlineData(256, false)]
    public void BoundsWhatOneRequestMakesTheGatewayLookUp(int containers, bool read)
    {
        var names = string.Join(',', Enumerable.Range(0, containers).SelectMany(i => new[] { $"\"c{i}\"", $"\"c{i}:ro\"" }));
        var body = Encoding.UTF8.GetBytes($$$"""{"Image":"busybox","HostConfig":{"VolumesFrom":[{{{names}}}]}}""");
        var request = RequestReader.Read(new RequestHead("POST", "/containers/create", [new RequestHeader("Content-Type", "application/json")], body.Length, false));

        // One more is the image.
        if (read)
        {
            Assert.Equal(containers + 1, RequestReferences.Of(request, body).Count);
        }
        else
        {
            Assert.Equal(400, Assert.Throws<RequestRefusedException>(() => RequestReferences.Of(request, body)).Status);
        }
    }
}
