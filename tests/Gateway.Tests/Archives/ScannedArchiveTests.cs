using System.Diagnostics;
using System.Formats.Tar;
using System.Text;
using Gateway.Archives;
using Gateway.Tests.Archives.Support;
using Xunit;

namespace Gateway.Tests.Archives;

/// <summary>Archives on their way into a container with a writable bind: what is passed on, and what ends there (Rule B8; I23).</summary>
public sealed class ScannedArchiveTests
{
    private const string LongName = "a-folder-with-a-rather-long-name/another-folder-with-a-rather-long-name/a-third-folder-with-a-rather-long-name/file";

    public static TheoryData<string> Formats => ["v7", "ustar", "pax", "gnu", "oldgnu"];

    [Theory]
    [MemberData(nameof(Formats))]
    public async Task PassesOnWhatTarWrites(string format)
    {
        var token = TestContext.Current.CancellationToken;
        var folder = Directory.CreateTempSubdirectory("gateway-tests-tar-");
        try
        {
            var inner = Path.Combine(folder.FullName, "x");
            Directory.CreateDirectory(inner);
            await File.WriteAllTextAsync(Path.Combine(inner, "text"), "contents", token);
            await File.WriteAllBytesAsync(Path.Combine(inner, "block"), new byte[1024], token);
            await File.WriteAllTextAsync(Path.Combine(inner, "empty"), "", token);
            File.CreateSymbolicLink(Path.Combine(inner, "link"), "text");
            if (format != "v7")
            {
                var deep = Path.Combine(inner, Path.GetDirectoryName(LongName)!);
                Directory.CreateDirectory(deep);
                await File.WriteAllTextAsync(Path.Combine(inner, LongName), "deep", token);
            }

            using var tar = Process.Start(new ProcessStartInfo("tar", ["-C", folder.FullName, "--format", format, "-cf", "-", "x"]) { RedirectStandardOutput = true })!;
            using var archive = new MemoryStream();
            await tar.StandardOutput.BaseStream.CopyToAsync(archive, token);
            await tar.WaitForExitAsync(token);

            Assert.Equal(Entries(archive.ToArray()), Entries(await Scan(archive.ToArray())));
            Assert.True(Entries(archive.ToArray()).Count >= 5);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    [Fact]
    public async Task WritesTheSameHoweverItIsRead()
    {
        byte[] archive = [.. RawTar.Entry("a", contents: new string('x', 700)), .. RawTar.Pax("path=" + LongName, "mtime=1.25"), .. RawTar.Entry("b", contents: "y"), .. RawTar.End];
        var whole = await Scan(archive);

        foreach (var size in (int[])[1, 7, 511, 512, 513])
        {
            Assert.Equal(whole, await Scan(archive, size));
        }
    }

    [Fact]
    public async Task KeepsNamesLinksOwnersTimesAndContents()
    {
        byte[] archive =
        [
            .. RawTar.Entry("folder", '5', change: RawTar.At(100, "0041755\0")),
            .. RawTar.Entry("././@LongLink", 'L', LongName + "\0"), .. RawTar.Entry("short", contents: "text", change: RawTar.At(108, "0001750\0")),
            .. RawTar.Entry("././@LongLink", 'K', LongName + "\0"), .. RawTar.Entry("link", '2', change: RawTar.At(157, "short")),
            .. RawTar.Entry("hard", '1', change: RawTar.At(157, "short")),
            .. RawTar.Pax("uid=4000000", "mtime=-1.5", "comment=nothing", "path=BZh1.txt"), .. RawTar.Entry("x", contents: "z", change: RawTar.At(257, "ustar  \0")),
            .. RawTar.Entry("old-folder/", '\0', change: RawTar.At(257, "\0\0\0\0\0\0\0\0")),
            .. RawTar.End,
        ];

        Assert.Equal(
            [
                "folder Directory 0 1755 1610612736  0 ",
                $"{LongName} RegularFile 1000 644 1610612736  4 text",
                $"link SymbolicLink 0 644 1610612736 {LongName} 0 ",
                "hard HardLink 0 644 1610612736 short 0 ",
                "BZh1.txt RegularFile 4000000 644 -1.5  1 z",
                "old-folder/ Directory 0 644 1610612736  0 ",
            ],
            Entries(await Scan(archive)));
    }

    [Fact]
    public async Task I23_NeverBeginsLikeACompressedFile()
    {
        var written = await Scan([.. RawTar.Entry("BZh91AY", contents: "x"), .. RawTar.End]);

        Assert.Null(TarHeader.CompressionOf(written));
        Assert.StartsWith("BZh91AY ", Assert.Single(Entries(written)), StringComparison.Ordinal);
    }

    /// <summary>What the caller wrote between contents and the next header is not passed on.</summary>
    [Fact]
    public async Task WritesPaddingAnew()
    {
        var archive = (byte[])[.. RawTar.Entry("a", contents: "x"), .. RawTar.End];
        archive.AsSpan(513, 511).Fill((byte)'!');

        Assert.DoesNotContain((byte)'!', await Scan(archive));
    }

    public static TheoryData<string, byte[]> Refused => new()
    {
        { "a device", RawTar.Entry("disk", '4') },
        { "a device", RawTar.Entry("tty", '3') },
        { "a pipe", RawTar.Entry("fifo", '6') },
        { "a type that is not known", RawTar.Entry("cont", '7') },
        { "a type that is not known", RawTar.Entry("sparse", 'S') },
        { "a type that is not known", RawTar.Entry("solaris", 'X') },
        { "a type that is not known", RawTar.Entry("dump", 'D') },
        { "a type that is not known", RawTar.Entry("file-or-folder/") },
        { "set-uid or set-gid", RawTar.Entry("su", change: RawTar.At(100, "0004755\0")) },
        { "set-uid or set-gid", RawTar.Entry("sg", change: RawTar.At(100, "0002755\0")) },
        { "set-uid or set-gid", RawTar.Entry("su", change: RawTar.At(100, "\u0080\0\0\0\0\0\u0009\u00ed")) },
        { "set-uid or set-gid", RawTar.Entry("folder", '5', change: RawTar.At(100, "0002755\0")) },
        { "set-uid or set-gid", RawTar.Entry("hard", '1', change: b => { RawTar.At(100, "0006755\0")(b); RawTar.At(157, "x")(b); }) },
        { "set-uid or set-gid", [.. RawTar.Pax("path=renamed"), .. RawTar.Entry("x", change: RawTar.At(100, "0104755\0"))] },
        { "not that of its type", RawTar.Entry("block", change: RawTar.At(100, "0060644\0")) },
        { "not that of its type", RawTar.Entry("char", '5', change: RawTar.At(100, "0020755\0")) },
        { "attribute security.capability", [.. RawTar.Pax("SCHILY.xattr.security.capability=\u0001\0\0\u0002"), .. RawTar.Entry("ping")] },
        { "\"GNU.sparse.major\"", [.. RawTar.Pax("GNU.sparse.major=1"), .. RawTar.Entry("sparse")] },
        { "\"mode\"", [.. RawTar.Pax("mode=04755"), .. RawTar.Entry("x")] },
        { "stands twice", [.. RawTar.Pax("path=a", "path=b"), .. RawTar.Entry("x")] },
        { "stands twice", [.. RawTar.Pax("path="), .. RawTar.Entry("x")] },
        { "two extensions", [.. RawTar.Pax("path=a"), .. RawTar.Pax("path=b"), .. RawTar.Entry("x")] },
        { "two extensions", [.. RawTar.Entry("g", 'g', RawTar.Record("path=everything")), .. RawTar.Entry("x")] },
        { "two long names", [.. RawTar.Pax("path=a"), .. RawTar.Entry("././@LongLink", 'L', "b\0"), .. RawTar.Entry("x")] },
        { "pax record of the archive cannot be read", [.. RawTar.Entry("p", 'x', "9 path=abcdef\n"), .. RawTar.Entry("x")] },
        { "pax record of the archive cannot be read", [.. RawTar.Entry("p", 'x', "99 path=a\n"), .. RawTar.Entry("x")] },
        { "pax record of the archive cannot be read", [.. RawTar.Entry("p", 'x', "10 path=a\0\n"), .. RawTar.Entry("x")] },
        { "size", [.. RawTar.Pax("size=-1"), .. RawTar.Entry("x")] },
        { "size", RawTar.Entry("x", change: RawTar.At(124, "\u0080\0\0\0\u00ff\u00ff\u00ff\u00ff\u00ff\u00ff\u00ff\u00ff")) },
        { "contents where it can have none", RawTar.Entry("x", change: RawTar.At(124, "\u00ff\u00ff\u00ff\u00ff\u00ff\u00ff\u00ff\u00ff\u00ff\u00ff\u00ff\u00ff")) },
        { "contents where it can have none", RawTar.Entry("folder", '5', "data") },
        { "contents where it can have none", [.. RawTar.Pax("size=512"), .. RawTar.Entry("hard", '1', change: RawTar.At(157, "x"))] },
        { "leads nowhere", RawTar.Entry("link", '2') },
        { "no name", RawTar.Entry("") },
        { "no name", [.. RawTar.Entry("././@LongLink", 'L', "a\0b\0"), .. RawTar.Entry("x")] },
        { "owner", [.. RawTar.Pax("uid=4294967295"), .. RawTar.Entry("x")] },
        { "mode in a header", RawTar.Entry("x", change: RawTar.At(100, "0000948\0")) },
        { "mode in a header", RawTar.Entry("x", change: RawTar.At(100, "644\0 644")) },
        { "wrong checksum", RawTar.Entry("x", spoil: b => b[0] = (byte)'y') },
        { "format that is not known", RawTar.Entry("x", change: RawTar.At(508, "tar\0")) },
        { "format that is not known", RawTar.Entry("x", change: RawTar.At(257, "USTAR\0")) },
        { "format that is not known", RawTar.Entry("x", change: b => { RawTar.At(257, "ustar  \0")(b); RawTar.At(482, "\u0001")(b); }) },
        { "extension of the archive", RawTar.Entry("p", 'x', new string(' ', 70_000)) },
        { "compressed (gzip)", Compressed() },
        { "checksum", Encoding.ASCII.GetBytes(new string('x', 1024)) },
        { "middle of an entry", [.. RawTar.Entry("x", contents: "abc").AsSpan(0, 600)] },
        { "middle of an entry", [.. RawTar.Entry("x").AsSpan(0, 100)] },
        { "middle of an entry", RawTar.Pax("path=a") },
        { "follows the end", [.. RawTar.End, .. RawTar.Entry("disk", '4')] },
        { "follows the end", [.. new byte[512], .. RawTar.Entry("disk", '4')] },
    };

    [Theory]
    [MemberData(nameof(Refused))]
    public async Task I23_RefusesWhatWouldActOnTheHostOrIsNotUnderstood(string why, byte[] rest)
    {
        var before = RawTar.Entry("before", contents: "text");
        using var seen = new MemoryStream();
        var archive = new ScannedArchive(new MemoryStream(why.Contains("compressed", StringComparison.Ordinal) || why == "checksum" ? rest : [.. before, .. rest]));

        var refusal = await Assert.ThrowsAsync<ArchiveRefusedException>(() => archive.CopyToAsync(seen, TestContext.Current.CancellationToken));

        Assert.Contains(why, refusal.Message, StringComparison.Ordinal);
        Assert.True(seen.Length <= 2048, "bytes of a refused entry went on");
        Assert.All(Entries(seen.ToArray()), entry => Assert.Matches("^(before|x) ", entry));
    }

    private static byte[] Compressed()
    {
        using var buffer = new MemoryStream();
        using (var gzip = new System.IO.Compression.GZipStream(buffer, System.IO.Compression.CompressionLevel.NoCompression))
        {
            gzip.Write(RawTar.Entry("disk", '4'));
        }

        return buffer.ToArray();
    }

    private static async Task<byte[]> Scan(byte[] archive, int atOnce = 4096)
    {
        var scanned = new ScannedArchive(new MemoryStream(archive));
        using var seen = new MemoryStream();
        var block = new byte[atOnce];
        int read;
        while ((read = await scanned.ReadAsync(block, TestContext.Current.CancellationToken)) > 0)
        {
            seen.Write(block, 0, read);
        }

        return seen.ToArray();
    }

    /// <summary>What another reader makes of the bytes.</summary>
    private static List<string> Entries(byte[] archive)
    {
        List<string> all = [];
        using var reader = new TarReader(new MemoryStream(archive));
        try
        {
            while (reader.GetNextEntry(copyData: true) is { } entry)
            {
                var data = entry.DataStream is { } stream ? new StreamReader(stream).ReadToEnd().TrimEnd('\0') : "";
                var time = entry is PaxTarEntry pax && pax.ExtendedAttributes.TryGetValue("mtime", out var fraction) ? fraction : $"{entry.ModificationTime.ToUnixTimeSeconds()}";
                all.Add($"{entry.Name} {(entry.EntryType == TarEntryType.V7RegularFile ? TarEntryType.RegularFile : entry.EntryType)} {entry.Uid} {Convert.ToString((int)entry.Mode, 8)} {time} {entry.LinkName} {entry.Length} {data}");
            }
        }
        catch (EndOfStreamException)
        {
            // Cut off where the archive was refused.
        }

        return all;
    }
}
