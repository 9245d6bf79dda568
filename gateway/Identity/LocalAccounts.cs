using System.Runtime.InteropServices;

namespace Gateway.Identity;

/// <summary>
/// The host's account names, through the name service that the host itself uses (nsswitch.conf(5)): files, LDAP, whatever is set
/// there. Asked anew each time, as accounts come and go.
/// </summary>
internal static unsafe partial class LocalAccounts
{
    private const int RangeError = 34;
    private const int MostBytes = 1 << 20;

    private delegate int Lookup(void* entry, byte* buffer, nuint size, void** found);

    /// <summary>The account of that number; null where there is none, or where its name belongs to another number.</summary>
    /// <exception cref="IOException">The name service fails.</exception>
    public static string? NameOf(uint uid)
    {
        var name = Find<Account, string>((entry, buffer, size, found) => UserById(uid, entry, buffer, size, found), entry => Marshal.PtrToStringUTF8(entry.Name));
        return name is not null && UidOf(name) == uid ? name : null;
    }

    /// <summary>The number of a group, or null.</summary>
    /// <exception cref="IOException">The name service fails.</exception>
    public static uint? GroupId(string name) =>
        Find<Group, uint?>((entry, buffer, size, found) => GroupByName(name, entry, buffer, size, found), entry => entry.Gid);

    private static uint? UidOf(string name) =>
        Find<Account, uint?>((entry, buffer, size, found) => UserByName(name, entry, buffer, size, found), entry => entry.Uid);

    private static TResult? Find<TEntry, TResult>(Lookup lookup, Func<TEntry, TResult?> read)
        where TEntry : unmanaged
    {
        for (var size = 1024; size <= MostBytes; size *= 4)
        {
            var buffer = new byte[size];
            fixed (byte* text = buffer)
            {
                TEntry entry;
                void* found;
                var error = lookup(&entry, text, (nuint)size, &found);
                if (error == 0)
                {
                    return found is null ? default : read(entry);
                }

                if (error != RangeError)
                {
                    throw new IOException($"the host's accounts cannot be looked up: {Marshal.GetPInvokeErrorMessage(error)}");
                }
            }
        }

        throw new IOException("the host's accounts cannot be looked up: an entry is too long");
    }

    /// <summary>struct passwd (pwd.h).</summary>
    [StructLayout(LayoutKind.Sequential)]
    private struct Account
    {
        public nint Name;
        public nint Password;
        public uint Uid;
        public uint Gid;
        public nint Comment;
        public nint Home;
        public nint Shell;
    }

    /// <summary>struct group (grp.h).</summary>
    [StructLayout(LayoutKind.Sequential)]
    private struct Group
    {
        public nint Name;
        public nint Password;
        public uint Gid;
        public nint Members;
    }

    [LibraryImport("libc", EntryPoint = "getpwuid_r")]
    private static partial int UserById(uint uid, void* entry, byte* buffer, nuint size, void** found);

    [LibraryImport("libc", EntryPoint = "getpwnam_r", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int UserByName(string name, void* entry, byte* buffer, nuint size, void** found);

    [LibraryImport("libc", EntryPoint = "getgrnam_r", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int GroupByName(string name, void* entry, byte* buffer, nuint size, void** found);
}
