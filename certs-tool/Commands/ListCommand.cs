using System.CommandLine;
using System.Text.Json;
using CertsTool.Folder;

namespace CertsTool.Commands;

/// <summary><c>list</c>: the inventory, as a table or JSON.</summary>
internal static class ListCommand
{
    private const int NameWidth = 16;
    private static readonly TimeSpan Soon = TimeSpan.FromDays(30);

    public static Command Create(CommonOptions common)
    {
        var expiring = new Option<string>("--expiring") { HelpName = "TIME", Description = "only what is in use and ends within this time, as in 30d" };
        var format = new Option<string>("--format") { HelpName = "FORMAT", Description = "table (default) or json" };
        return common.Make("list", "Shows every certificate that was issued", "certs-tool list --expiring 30d --format json", [expiring, format], result =>
        {
            var now = common.Session.Now;
            var entries = Inventory.Read(common.Folder(result)).Certificates;
            if (CommonOptions.Text(result, expiring) is { } text)
            {
                var until = now + CommonOptions.Duration(text);
                entries = [.. entries.Where(entry => entry.NotAfter <= until && entry.State == CertificateState.Valid && !entry.Replaced)];
            }

            switch (CommonOptions.Text(result, format) ?? "table")
            {
                case "json":
                    entries = [.. entries.Select(entry => entry with { State = entry.StateAt(now) })];
                    common.Session.Terminal.Print(JsonSerializer.Serialize(entries, Inventory.Readable.IReadOnlyListInventoryEntry));
                    return 0;
                case "table":
                    Table(common.Session.Terminal, entries, now);
                    return 0;
                case var other:
                    throw new ToolException(ToolException.Usage, $"format \"{Terminal.Plain(other)}\" is not table or json");
            }
        });
    }

    /// <summary>Serials and fingerprints are cut to what the terminal has room for; their first digits are enough for <c>revoke</c>.</summary>
    private static void Table(Terminal terminal, IReadOnlyList<InventoryEntry> entries, DateTimeOffset now)
    {
        const int fixedColumns = 6 + 8 + 10 + 10 + 6;
        var rest = terminal.Width - NameWidth - fixedColumns;
        var (serial, fingerprint) = rest >= 32 + 64 ? (32, 64) : rest >= 32 + 12 ? (32, rest - 32) : (rest / 2, rest / 2);
        terminal.Print($"{"NAME",-NameWidth} {"KIND",-6} {"STATE",-8} {"FROM",-10} {"UNTIL",-10} {Fit("SERIAL", serial)} SHA-256".TrimEnd());
        foreach (var entry in entries)
        {
            var state = entry.StateAt(now);
            var shown = state == CertificateState.Valid && entry.Replaced ? "replaced" : state;
            var line = $"{Fit(Terminal.Plain(entry.Name), NameWidth)} {entry.Kind,-6} {shown,-8} {entry.NotBefore:yyyy-MM-dd} {entry.NotAfter:yyyy-MM-dd} {Fit(entry.Serial, serial)} {Fit(entry.Sha256, fingerprint)}";
            terminal.Print(terminal.Coloured(line.TrimEnd(), Hue(shown, entry, now)));
        }
    }

    private static Colour Hue(string state, InventoryEntry entry, DateTimeOffset now) => state switch
    {
        CertificateState.Expired => Colour.Red,
        CertificateState.Valid when entry.NotAfter - now <= Soon => Colour.Yellow,
        CertificateState.Valid => Colour.None,
        _ => Colour.Dim,
    };

    private static string Fit(string text, int width) => text.Length <= width ? text.PadRight(width) : text[..(width - 1)] + "…";
}
