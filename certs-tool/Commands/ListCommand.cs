using System.CommandLine;
using System.Text.Json;

namespace CertsTool.Commands;

/// <summary><c>list</c>: the inventory, as a table or JSON.</summary>
internal static class ListCommand
{
    public static Command Create(CommonOptions common)
    {
        var expiring = new Option<string>("--expiring") { Description = "only what ends within this time, as in 30d" };
        var format = new Option<string>("--format") { Description = "table (default) or json" };
        var command = new Command("list", "Shows every certificate that was issued. Example: certs-tool list --expiring 30d") { common.Dir, expiring, format };
        command.SetAction(result => Terminal.Run(() =>
        {
            var until = result.GetValue(expiring) is { Length: > 0 } text ? DateTimeOffset.UtcNow + CommonOptions.Duration(text) : DateTimeOffset.MaxValue;
            IReadOnlyList<InventoryEntry> entries = [.. Inventory.Read(common.Folder(result)).Certificates.Where(entry => entry.NotAfter <= until).Select(WithState)];
            switch (result.GetValue(format) ?? "table")
            {
                case "json":
                    Terminal.Print(JsonSerializer.Serialize(entries, InventoryJson.Default.IReadOnlyListInventoryEntry));
                    return 0;
                case "table":
                    Terminal.Print($"{"NAME",-20} {"KIND",-7} {"STATE",-8} {"NOT BEFORE",-20} {"NOT AFTER",-20} {"SERIAL",-32} SHA-256");
                    foreach (var e in entries)
                    {
                        Terminal.Print($"{e.Name,-20} {e.Kind,-7} {e.State,-8} {e.NotBefore:yyyy-MM-ddTHH:mm:ssZ} {e.NotAfter:yyyy-MM-ddTHH:mm:ssZ} {e.Serial,-32} {e.Sha256}");
                    }

                    return 0;
                case var other:
                    throw new ToolException(ToolException.Usage, $"format \"{other}\" is not table or json");
            }
        }));
        return command;
    }

    private static InventoryEntry WithState(InventoryEntry entry) =>
        entry.State == "valid" && entry.NotAfter < DateTimeOffset.UtcNow ? entry with { State = "expired" } : entry;
}
