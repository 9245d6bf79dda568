using System.Text;

namespace Gateway.Tests.Archives.Support;

/// <summary>Tar archives byte by byte, as no writer would make them.</summary>
internal static class RawTar
{
    public static byte[] End { get; } = new byte[1024];

    /// <summary>A header and its contents; the checksum is right unless the change comes after it.</summary>
    public static byte[] Entry(string name, char type = '0', string contents = "", Action<byte[]>? change = null, Action<byte[]>? spoil = null)
    {
        var data = Encoding.Latin1.GetBytes(contents);
        var block = new byte[512];
        Put(block, 0, name);
        Put(block, 100, "0000644\0");
        Put(block, 108, "0000000\0");
        Put(block, 116, "0000000\0");
        Put(block, 124, Convert.ToString(data.Length, 8).PadLeft(11, '0') + "\0");
        Put(block, 136, "14000000000\0");
        block[156] = (byte)type;
        Put(block, 257, "ustar\000");
        change?.Invoke(block);
        Put(block, 148, "        ");
        Put(block, 148, Convert.ToString(block.Sum(b => b), 8).PadLeft(6, '0') + "\0 ");
        spoil?.Invoke(block);
        return [.. block, .. data, .. new byte[-data.Length & 511]];
    }

    public static byte[] Pax(params string[] records) => Entry("PaxHeaders/x", 'x', string.Concat(records.Select(Record)));

    public static string Record(string text)
    {
        var length = text.Length + 2;
        while (length != text.Length + 2 + $"{length}".Length)
        {
            length = text.Length + 2 + $"{length}".Length;
        }

        return $"{length} {text}\n";
    }

    public static Action<byte[]> At(int offset, string text) => block => Put(block, offset, text);

    private static void Put(byte[] block, int offset, string text) => Encoding.Latin1.GetBytes(text).CopyTo(block, offset);
}
