using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace Gateway.Archives;

/// <summary>What an entry makes. Devices, pipes, sparse and unknown ones do not come this far.</summary>
internal enum TarKind { File, HardLink, Link, Folder }

/// <summary>
/// One checked entry of an archive: a file, folder or link without set-uid or set-gid bit. All that a tar reader needs, from
/// wherever it stood (header, pax record, GNU long name).
/// </summary>
/// <param name="Modified">Seconds since 1970, with a fraction where it had one.</param>
internal sealed partial record TarEntry(TarKind Kind, byte[] Name, byte[] LinkName, int Mode, long Uid, long Gid, long Size, string Modified)
{
    private const int SetId = 0xC00;
    private const int Permissions = 0x3FF;
    private const int AllModeBits = 0xFFF;
    private const int MaxShown = 120;

    /// <param name="longName">GNU tar's long name, or null.</param>
    /// <param name="longLink">GNU tar's long link, or null.</param>
    /// <exception cref="ArchiveRefusedException">It would put something onto the host that acts there, or cannot be understood whole.</exception>
    public static TarEntry Of(TarHeader header, PaxRecords? pax, byte[]? longName, byte[]? longLink)
    {
        var name = Once(longName, pax?.Get("path"), header.Name);
        var shown = Shown(name);
        var kind = KindOf(header, name, shown);
        var link = kind is TarKind.Link or TarKind.HardLink ? Once(longLink, pax?.Get("linkpath"), header.LinkName) : [];
        var size = pax?.Get("size") is { } given ? TarNumber.ReadDecimal(given, "size") : header.Size;
        if (name.Length == 0 || name.AsSpan().Contains((byte)0) || link.AsSpan().Contains((byte)0) || (link.Length == 0 && kind is TarKind.Link or TarKind.HardLink))
        {
            throw new ArchiveRefusedException($"the entry \"{shown}\" of the archive has no name, or leads nowhere");
        }

        if (size < 0 || (kind != TarKind.File && size != 0))
        {
            throw new ArchiveRefusedException($"the entry \"{shown}\" of the archive has contents where it can have none");
        }

        return new TarEntry(
            kind, name, link, ModeOf(header.Mode, kind, shown), IdOf(header.Uid, pax?.Get("uid"), shown), IdOf(header.Gid, pax?.Get("gid"), shown), size, TimeOf(header.Modified, pax?.Get("mtime"), shown));
    }

    private static TarKind KindOf(TarHeader header, byte[] name, string shown) => (char)header.Type switch
    {
        // Before POSIX a folder was a file whose name ends in a slash.
        '\0' when name is [.., (byte)'/'] => TarKind.Folder,
        '0' or '\0' when name is not [.., (byte)'/'] => TarKind.File,
        '1' => TarKind.HardLink,
        '2' => TarKind.Link,
        '3' or '4' => throw new ArchiveRefusedException($"the entry \"{shown}\" of the archive is a device, which would act on the host through this container's writable bind"),
        '5' => TarKind.Folder,
        '6' => throw new ArchiveRefusedException($"the entry \"{shown}\" of the archive is a pipe, which is not passed on into a container with a writable bind"),
        _ => throw new ArchiveRefusedException($"the entry \"{shown}\" of the archive is of a type that is not known; only files, folders and links are passed on"),
    };

    private static int ModeOf(long mode, TarKind kind, string shown)
    {
        if ((mode & SetId) != 0)
        {
            throw new ArchiveRefusedException($"the entry \"{shown}\" of the archive is set-uid or set-gid, which would act on the host through this container's writable bind; take the bit away (chmod ug-s)");
        }

        // Some writers add the file's type, as in st_mode; it has to be the entry's.
        var type = mode & ~AllModeBits;
        var own = kind switch { TarKind.Folder => 0x4000, TarKind.Link => 0xA000, _ => 0x8000 };
        return type == 0 || type == own ? (int)(mode & Permissions) : throw new ArchiveRefusedException($"the mode of entry \"{shown}\" of the archive is not that of its type");
    }

    private static long IdOf(long header, byte[]? pax, string shown)
    {
        var id = pax is null ? header : TarNumber.ReadDecimal(pax, "user id");
        return id is >= 0 and < uint.MaxValue ? id : throw new ArchiveRefusedException($"the entry \"{shown}\" of the archive has no valid owner");
    }

    private static string TimeOf(long header, byte[]? pax, string shown)
    {
        var text = pax is null ? header.ToString(CultureInfo.InvariantCulture) : Encoding.ASCII.GetString(pax);
        return Time().IsMatch(text) ? text : throw new ArchiveRefusedException($"the time of entry \"{shown}\" of the archive cannot be read");
    }

    private static byte[] Once(byte[]? gnu, byte[]? pax, byte[] header) => gnu is not null && pax is not null
        ? throw new ArchiveRefusedException($"the entry \"{Shown(gnu)}\" of the archive has two long names")
        : gnu ?? pax ?? header;

    private static string Shown(byte[] name)
    {
        var text = Encoding.UTF8.GetString(name.AsSpan(0, Math.Min(name.Length, MaxShown)));
        return string.Concat(text.Select(c => char.IsControl(c) ? '?' : c));
    }

    [GeneratedRegex(@"^-?[0-9]{1,15}(\.[0-9]{1,20})?\z", RegexOptions.CultureInvariant)]
    private static partial Regex Time();
}
