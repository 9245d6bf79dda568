using System.Security.Cryptography;
using Gateway.EndToEnd.Support;
using Xunit;

namespace Gateway.EndToEnd;

[Collection(DebianEngine.Name)]
public sealed class ClientsOfDebianEngine(DebianHost host) : ClientTests(host);

[Collection(ModernEngine.Name)]
public sealed class ClientsOfModernEngine(ModernHost host) : ClientTests(host);

/// <summary>The real docker client, everyday commands, as a developer and as an administrator.</summary>
public abstract class ClientTests(GatewayHost host)
{
    private const int Streamed = 20 << 20;

    [Fact]
    public async Task RunsAContainerAndGivesItsOutputAndExitCode()
    {
        Assert.Equal("hi\n", (await host.Docker("alice", "run --rm busybox echo hi")).Output);
        Assert.Equal(7, (await host.Shell("alice", "docker run --rm busybox sh -c 'exit 7'")).ExitCode);
    }

    [Fact]
    public async Task I52_PassesStdinsEndOn() =>
        Assert.Equal("abc\n", (await host.Docker("alice", "run --rm -i busybox cat", "abc\n"u8.ToArray())).Output);

    [Fact]
    public async Task I52_CarriesTwentyMegabytesEachWayThroughExec()
    {
        await host.Docker("alice", "run -d --name exec-big busybox sleep 600");
        var file = Path.GetTempFileName();
        try
        {
            await File.WriteAllBytesAsync(file, RandomNumberGenerator.GetBytes(Streamed), TestContext.Current.CancellationToken);

            var result = await host.Shell("alice", $"docker exec -i exec-big cat < {file} | cmp - {file} && echo same");

            Assert.Equal("same\n", result.Output);
        }
        finally
        {
            File.Delete(file);
            await host.Docker("alice", "rm -f exec-big");
        }
    }

    /// <summary>
    /// With an input that stays open meanwhile: of a terminal whose input has ended an engine drops the output that is still to come
    /// (moby <c>daemon/internal/stream/attach.go</c>), with and without a gateway.
    /// </summary>
    [Fact]
    public async Task GivesWhatAShortRunWithATerminalPrints()
    {
        var result = await host.Shell("alice", "p=$(mktemp -u); mkfifo $p; exec 3<>$p; rm $p; script -qec 'docker run --rm -it busybox echo tty' /dev/null <&3");

        Assert.True(result.Output.Trim() == "tty", result.Whole);
    }

    [Theory]
    [InlineData("docker run -d --name life busybox sh -c 'while :; do echo tick; sleep 0.2; done' && docker logs -f life | head -n 3", "tick")]
    [InlineData("docker run -d --name life busybox sleep 600 >/dev/null && docker exec life echo there", "there")]
    [InlineData("docker run -d --name life busybox sleep 600 >/dev/null && docker cp /etc/hostname life:/h && docker cp life:/h - | tar t", "h")]
    [InlineData("docker run -d --name life busybox sleep 600 >/dev/null && docker rename life life2 && docker update --cpu-shares 512 life2 && docker pause life2 && docker unpause life2 && docker restart -t 0 life2 && docker rename life2 life && echo done", "done")]
    [InlineData("docker run -d --name life busybox sleep 600 >/dev/null && docker start life && docker stop -t 0 life && docker stop life && docker rm life >/dev/null && echo gone", "gone")]
    [InlineData("docker run -d --name life busybox sleep 600 >/dev/null && docker stats --no-stream --format '{{.Name}}' life", "life")]
    [InlineData("docker run -d --name life busybox sleep 600 >/dev/null && (docker wait life & docker kill life >/dev/null; wait)", "137")]
    [InlineData("docker volume create life-v && docker run --rm -v life-v:/d busybox sh -c 'echo kept > /d/f' && docker run --rm -v life-v:/d busybox cat /d/f; docker volume rm life-v >/dev/null", "kept")]
    [InlineData("docker network create life-n >/dev/null && docker run -d --name life --network life-n --network-alias peer busybox sleep 600 >/dev/null && docker run --rm --network life-n busybox ping -c1 -W2 peer >/dev/null && echo reached; docker rm -f life >/dev/null; docker network rm life-n >/dev/null", "reached")]
    [InlineData("d=$(mktemp -d); printf 'FROM busybox\\nRUN echo built > /b\\nCMD cat /b\\n' > $d/Dockerfile; docker build -q -t alice/life $d >/dev/null && docker run --rm alice/life; docker rmi alice/life >/dev/null; rm -r $d", "built")]
    public async Task RunsEverydayCommands(string script, string expected)
    {
        try
        {
            var result = await host.Shell("alice", script);

            Assert.True(result.Output.Trim().EndsWith(expected, StringComparison.Ordinal), result.Whole);
        }
        finally
        {
            await host.Docker("alice", "rm -f -v life life2");
        }
    }

    [Theory]
    [InlineData("docker create --privileged --name boss-c busybox >/dev/null; docker inspect -f '{{.HostConfig.Privileged}}' boss-c; docker rm boss-c >/dev/null", "true")]
    [InlineData("docker run --rm -v /etc:/h:ro busybox ls /h/passwd", "/h/passwd")]
    [InlineData("docker run --rm --pid host --network host busybox echo host", "host")]
    public async Task LetsAnAdministratorDoWhatNeedsRoot(string script, string expected)
    {
        var result = await host.Shell("boss", script);

        Assert.True(result.Output.Trim() == expected, result.Whole);
    }

    /// <summary>Without BuildKit in the engine buildx pulls a builder: what is refused then says how to build all the same.</summary>
    [Fact]
    public async Task TellsADeveloperWhoBuildsWithBuildKitHowToBuild() =>
        Assert.Contains("DOCKER_BUILDKIT=0", (await host.Shell("alice", "d=$(mktemp -d); echo FROM busybox > $d/Dockerfile; DOCKER_BUILDKIT=1 docker build $d; rm -r $d")).Error, StringComparison.Ordinal);

    /// <summary>Docker's client opens /grpc and /session with an empty Host, and falls back to a builder of its own where that fails.</summary>
    [Fact]
    public async Task BuildsWithBuildKitAsAnAdministrator()
    {
        if (host.Kind != "modern")
        {
            return;
        }

        var result = await host.Shell("boss", "d=$(mktemp -d); printf 'FROM busybox\nRUN echo built > /b\n' > $d/Dockerfile; DOCKER_BUILDKIT=1 docker build --no-cache --progress plain -t boss/kit $d; docker rmi boss/kit; rm -r $d");

        Assert.Contains("Untagged: boss/kit", result.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("docker-container", result.Error, StringComparison.Ordinal);
    }

    /// <summary>Two requests on one connection: a 304 must leave it usable, since clients do not send a DELETE twice.</summary>
    [Fact]
    public async Task KeepsTheConnectionAfterAnAnswerWithoutABody()
    {
        var id = (await host.Docker("alice", "create --name life busybox")).Output.Trim();
        try
        {
            var answer = await RawClient.SendAsync(host, "alice", $"POST /containers/{id}/stop HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\n\r\nDELETE /containers/{id} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");

            Assert.Equal(304, RawClient.Status(answer));
            Assert.Contains("HTTP/1.1 204", answer, StringComparison.Ordinal);
        }
        finally
        {
            await host.Docker("alice", "rm -f life");
        }
    }

    /// <summary>What a client does to its own upload is told in one line: operation, user and request, no stack.</summary>
    [Fact]
    public async Task TellsABrokenUploadInOneLine()
    {
        var id = (await host.Docker("alice", "create --name life busybox")).Output.Trim();
        try
        {
            var answer = await RawClient.SendAsync(host, "alice", $"PUT /containers/{id}/archive?path=/ HTTP/1.1\r\nHost: x\r\nContent-Type: application/x-tar\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n");

            Assert.Equal(400, RawClient.Status(answer));
            var line = "the upload of PutContainerArchive of user \"alice\" broke off: ";
            await host.UntilAsync(() => Task.FromResult(host.Log), log => log.Contains(line, StringComparison.Ordinal));
            Assert.DoesNotContain("Yarp", host.Log, StringComparison.Ordinal);
        }
        finally
        {
            await host.Docker("alice", "rm -f life");
        }
    }

    [Fact]
    public async Task ServesManyConnectionsAtOnce()
    {
        var answers = await Task.WhenAll(Enumerable.Range(0, 200).Select(_ => RawClient.SendAsync(host, "alice", "GET /_ping HTTP/1.1\r\nHost: x\r\n\r\n")));

        Assert.All(answers, answer => Assert.Equal(200, RawClient.Status(answer)));
    }

    [Fact]
    public async Task KeepsAWholeAuditChain()
    {
        await host.Docker("alice", "ps");

        using var output = new StringWriter();
        Assert.Equal(0, Gateway.Audit.AuditLogCommands.Verify([host.AuditLog], output, output));
    }
}
