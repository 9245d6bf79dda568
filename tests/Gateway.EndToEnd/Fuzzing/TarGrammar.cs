using System.Formats.Tar;
using System.Text;

namespace Gateway.EndToEnd.Fuzzing;

/// <summary>Archives: what a build is made of, and what is put into a container. One character a byte.</summary>
internal static class TarGrammar
{
    private static readonly string[] Steps =
    [
        "", "RUN true", "RUN env; cat /proc/self/status; ls /", "LABEL a=b", "LABEL gateway.owner=bob", "LABEL \"gateway.owner\"=\"bob\" x=y", "LABEL traefik.enable=true", "USER 1000", "VOLUME /v", "ONBUILD RUN true", "HEALTHCHECK --interval=1ms CMD true",
        "ENV A=b", "COPY x /x", "COPY --from=<I> / /o", "ADD x /etc/x", "ADD http://127.0.0.1:9/x /x", "RUN --security=insecure true", "RUN --mount=type=bind,source=/,target=/h ls /h", "RUN --network=host true", "CMD [\"sleep\",\"3\"]", "EXPOSE 1-65535", "STOPSIGNAL 9",
    ];

    public static string BuildContext(Dice dice, Names names, string? from = null)
    {
        return BuildContext($"FROM {from ?? BodyGrammar.Filled(dice, names, dice.Of((string[])["busybox", "busybox", "<i>", "<I>", "scratch"]))}\n{string.Join('\n', dice.Some(Steps, 3).Select(step => BodyGrammar.Filled(dice, names, step)))}\n");
    }

    public static string BuildContext(string dockerfile) => Archive([(TarEntryType.RegularFile, "Dockerfile", dockerfile), (TarEntryType.RegularFile, "x", "x")]);

    public static string Upload(Dice dice) => Archive(dice.Some((IReadOnlyList<(TarEntryType, string, string)>)
    [
        (TarEntryType.RegularFile, "x", "x"), (TarEntryType.RegularFile, "a/b", "x"), (TarEntryType.SymbolicLink, "h", "/etc"), (TarEntryType.SymbolicLink, "h", "../../../etc"), (TarEntryType.RegularFile, "h/x", "x"), (TarEntryType.RegularFile, "../../x", "x"),
        (TarEntryType.RegularFile, "/etc/x", "x"), (TarEntryType.HardLink, "l", "/etc/passwd"), (TarEntryType.HardLink, "l", "x"), (TarEntryType.Directory, "d", ""), (TarEntryType.CharacterDevice, "n", ""), (TarEntryType.BlockDevice, "n", ""), (TarEntryType.Fifo, "p", ""), (TarEntryType.SymbolicLink, "marker", "/h/marker"),
    ], 4));

    private static string Archive(IEnumerable<(TarEntryType Type, string Name, string Content)> entries)
    {
        using var stream = new MemoryStream();
        using (var tar = new TarWriter(stream, TarEntryFormat.Ustar, leaveOpen: true))
        {
            foreach (var (type, name, content) in entries)
            {
                // The same seed gives the same bytes.
                var entry = new UstarTarEntry(type, name) { ModificationTime = DateTimeOffset.UnixEpoch, Mode = (UnixFileMode)0b111_101_101_101 };
                if (type is TarEntryType.SymbolicLink or TarEntryType.HardLink)
                {
                    entry.LinkName = content;
                }
                else if (type is TarEntryType.RegularFile)
                {
                    entry.DataStream = new MemoryStream(Encoding.UTF8.GetBytes(content));
                }
                else if (type is TarEntryType.BlockDevice or TarEntryType.CharacterDevice)
                {
                    (entry.DeviceMajor, entry.DeviceMinor) = (8, 0);
                }

                tar.WriteEntry(entry);
            }
        }

        return Encoding.Latin1.GetString(stream.ToArray());
    }
}
