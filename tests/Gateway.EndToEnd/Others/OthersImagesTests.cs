using System.Formats.Tar;
using System.Text;
using System.Text.RegularExpressions;
using Gateway.EndToEnd.Support;
using Xunit;

namespace Gateway.EndToEnd.Others;

[Collection(DebianEngine.Name)]
public sealed class OthersImagesOnDebianEngine(DebianHost host) : OthersImagesTests(host);

[Collection(ModernEngine.Name)]
public sealed class OthersImagesOnModernEngine(ModernHost host) : OthersImagesTests(host);

/// <summary>Images that others built stay theirs where they have no name (I38).</summary>
public abstract partial class OthersImagesTests(GatewayHost host)
{
    /// <summary>An image's nameless parents go with it: a Dockerfile can name anybody's by the first digits of its id.</summary>
    [Fact]
    public async Task I38_RemovesNoNamelessImageOfAnothersWithOnesOwn()
    {
        var bobs = await Build("bob", "FROM busybox\nLABEL of=bob\n", "");
        try
        {
            await Build("alice", $"FROM {bobs}\nLABEL of=alice\n", "&t=localhost/alice/others-from");
            var removed = await RawClient.SendAsync(host, "alice", RawEngine.Request("DELETE", "/images/localhost/alice/others-from", null));

            Assert.Equal(200, RawClient.Status(removed));
            Assert.DoesNotContain(bobs, removed, StringComparison.Ordinal);
            Assert.StartsWith("sha256:" + bobs, await host.Engine($"image inspect -f {{{{.Id}}}} {bobs}"), StringComparison.Ordinal);
        }
        finally
        {
            await host.Docker("bob", $"rmi -f {bobs}");
        }
    }

    /// <summary>A classic build of a Dockerfile alone.</summary>
    /// <returns>The first digits of the image's id.</returns>
    private async Task<string> Build(string user, string dockerfile, string query)
    {
        using var context = new MemoryStream();
        await using (var tar = new TarWriter(context, leaveOpen: true))
        {
            using var text = new MemoryStream(Encoding.ASCII.GetBytes(dockerfile));
            await tar.WriteEntryAsync(new PaxTarEntry(TarEntryType.RegularFile, "Dockerfile") { DataStream = text });
        }

        var answer = await RawClient.SendAsync(host, user, $"POST /build?version=1{query} HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Type: application/x-tar\r\nContent-Length: {context.Length}\r\n\r\n{Encoding.Latin1.GetString(context.ToArray())}");
        return BuiltId().Match(answer) is { Success: true } built ? built.Groups[1].Value : throw new InvalidOperationException(answer);
    }

    [GeneratedRegex("Successfully built ([0-9a-f]+)")]
    private static partial Regex BuiltId();
}
