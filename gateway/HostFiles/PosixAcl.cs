using System.Buffers.Binary;

namespace Gateway.HostFiles;

/// <summary>A POSIX access control list as the kernel hands it out (linux <c>include/uapi/linux/posix_acl_xattr.h</c>): does it let others than root write?</summary>
internal static class PosixAcl
{
    public const string AttributeName = "system.posix_acl_access";

    private const int Version = 2;
    private const int Header = 4;
    private const int Entry = 8;
    private const int OwnerTag = 0x01;
    private const int UserTag = 0x02;
    private const int MaskTag = 0x10;
    private const int Write = 2;

    /// <param name="list">The attribute's bytes; none is no list.</param>
    public static bool LetsOthersWrite(ReadOnlySpan<byte> list)
    {
        if (list.IsEmpty)
        {
            return false;
        }

        if (list.Length < Header || (list.Length - Header) % Entry != 0 || BinaryPrimitives.ReadUInt32LittleEndian(list) != Version)
        {
            // A list that cannot be read may say anything.
            return true;
        }

        // The mask is not counted on: chmod g+w would widen it, and every entry with it, later.
        for (var entries = list[Header..]; !entries.IsEmpty; entries = entries[Entry..])
        {
            var tag = BinaryPrimitives.ReadUInt16LittleEndian(entries);
            var mayWrite = (BinaryPrimitives.ReadUInt16LittleEndian(entries[2..]) & Write) != 0;
            var isRoot = tag == OwnerTag || (tag == UserTag && BinaryPrimitives.ReadUInt32LittleEndian(entries[4..]) == 0);
            if (mayWrite && !isRoot && tag != MaskTag)
            {
                return true;
            }
        }

        return false;
    }
}
