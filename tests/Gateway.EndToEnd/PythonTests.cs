using Gateway.EndToEnd.Support;
using Xunit;

namespace Gateway.EndToEnd;

[Collection(DebianEngine.Name)]
public sealed class PythonOnDebianEngine(DebianHost host) : PythonTests(host);

[Collection(ModernEngine.Name)]
public sealed class PythonOnModernEngine(ModernHost host) : PythonTests(host);

/// <summary>Python's docker SDK as a developer: its requests differ from those of the command in heads, bodies and streams.</summary>
public abstract class PythonTests(GatewayHost host)
{
    private const string Script = """
        import docker, io, tarfile
        client = docker.from_env()
        assert client.ping()
        assert client.containers.run("busybox", "echo hi", remove=True) == b"hi\n"
        c = client.containers.run("busybox", "cat", stdin_open=True, detach=True, name="python-c", ports={"80/tcp": ("127.0.0.1", 24990)})
        try:
            assert c.exec_run("echo there").output == b"there\n"
            assert c.exec_run(["sh", "-c", "exit 3"]).exit_code == 3
            s = c.attach_socket(params={"stdin": 1, "stdout": 1, "stream": 1})
            s = getattr(s, "_sock", s)
            s.sendall(b"abc\n")
            assert s.recv(12) == b"\x01\0\0\0\0\0\0\x04abc\n"
            e = c.exec_run("cat", stdin=True, socket=True).output
            e = getattr(e, "_sock", e)
            e.sendall(b"through\n")
            assert e.recv(16) == b"\x01\0\0\0\0\0\0\x08through\n"
            b = io.BytesIO()
            t = tarfile.open(fileobj=b, mode="w")
            i = tarfile.TarInfo("f")
            i.size = 3
            t.addfile(i, io.BytesIO(b"abc"))
            t.close()
            assert c.put_archive("/tmp", b.getvalue())
            bits, stat = c.get_archive("/tmp/f")
            assert tarfile.open(fileobj=io.BytesIO(b"".join(bits))).extractfile("f").read() == b"abc"
            assert [x.name for x in client.containers.list()] == ["python-c"]
            assert "cpu_stats" in c.stats(stream=False)
            n = client.networks.create("python-n")
            n.connect(c)
            n.reload()
            assert [x.name for x in n.containers] == ["python-c"]
            n.disconnect(c)
            n.remove()
            v = client.volumes.create("python-v")
            v.remove()
            image, _ = client.images.build(fileobj=io.BytesIO(b"FROM busybox\nRUN echo x\n"), tag="localhost/alice/python", rm=True)
            assert image.tags == ["localhost/alice/python:latest"]
            client.images.remove("localhost/alice/python")
            c.pause()
            c.unpause()
            c.update(cpu_shares=512)
            c.kill()
            assert c.wait()["StatusCode"] == 137
            try:
                client.containers.create("busybox", privileged=True)
                raise AssertionError("privileged")
            except docker.errors.APIError as error:
                assert error.status_code == 403 and "HostConfig.Privileged" in error.explanation
        finally:
            c.remove(force=True, v=True)
        print("done")
        """;

    [Fact]
    public async Task RunsExecsAttachesCopiesAndBuilds()
    {
        var file = Path.GetTempFileName();
        try
        {
            await File.WriteAllTextAsync(file, host.Kind == "modern" ? Script.Replace("24990", "24991", StringComparison.Ordinal) : Script, TestContext.Current.CancellationToken);

            // A bundle of the machine's own CAs would beat the one that the client was given.
            var result = await host.Shell("alice", $"env -u REQUESTS_CA_BUNDLE -u CURL_CA_BUNDLE /usr/bin/python3 {file}");

            Assert.True(result.Output == "done\n", result.Whole);
        }
        finally
        {
            File.Delete(file);
            await host.Docker("alice", "rm -f -v python-c");
        }
    }
}
