using System.CommandLine;
using CertsTool.Certificates;
using CertsTool.Folder;

namespace CertsTool.Commands;

/// <summary><c>revoke NAME|SERIAL</c>: takes certificates back, in the inventory and in the list that the gateway reads.</summary>
internal static class RevokeCommand
{
    private const int ShortestSerial = 8;

    public static Command Create(CommonOptions common)
    {
        var subject = new Argument<string>("NAME|SERIAL") { Description = "a client's name (all its certificates), \"server\", or a serial or its first 8 digits or more" };
        var reason = new Option<string>("--reason") { HelpName = "REASON", Description = "keyCompromise, superseded, affiliationChanged, cessationOfOperation, privilegeWithdrawn … (default unspecified)" };
        return common.Make(
            "revoke", "Takes certificates back: a running gateway drops their connections within a second", "certs-tool revoke alice --reason keyCompromise", [subject, reason, common.PassphraseFile], result =>
                Revoke(common, result, result.GetValue(subject)!, RevocationReason.Check(CommonOptions.Text(result, reason) ?? RevocationReason.Unspecified)));
    }

    private static int Revoke(CommonOptions common, ParseResult result, string subject, string reason)
    {
        var terminal = common.Session.Terminal;
        var folder = common.Folder(result);
        var now = common.Session.SigningTime;
        var passphrase = common.Passphrase(result);
        using var held = FolderLock.Take(folder, terminal);
        var inventory = Inventory.Read(folder);
        var chosen = Choose(inventory, subject);
        var authorities = Authorities.Load(folder, passphrase);
        var open = chosen.Where(entry => entry.State == CertificateState.Valid).Select(entry => entry.Sha256).ToHashSet(StringComparer.Ordinal);
        var time = DateTimeOffset.FromUnixTimeSeconds(now.ToUnixTimeSeconds());
        inventory = inventory.Change(entry => open.Contains(entry.Sha256), entry => entry.AsRevoked(time, reason));
        var lists = WriteLists(folder, authorities, inventory, now, null);
        foreach (var entry in chosen)
        {
            terminal.Print(open.Contains(entry.Sha256)
                ? $"revoked {Describe(entry)}: {reason}"
                : entry.State == CertificateState.Revoked
                    ? $"{Describe(entry)} was revoked already{(entry.Revoked is { } at ? $", on {at:yyyy-MM-dd HH:mm}" : "")}"
                    : $"{Describe(entry)}: its CA is trusted no more");
        }

        terminal.Print($"wrote {folder.RevocationList}, good until {lists.NextUpdate:yyyy-MM-dd HH:mm} UTC; a running gateway takes it at once");
        if (open.Count > 0 && subject != "server")
        {
            terminal.Print($"next: take {chosen[0].Name} out of the policy, or make a new certificate with: certs-tool renew {chosen[0].Name}");
        }

        return 0;
    }

    /// <summary>Writes the lists and the inventory that they came from, as one change: the list first, since it is what cuts.</summary>
    public static SignedLists WriteLists(PkiFolder folder, Authorities authorities, Inventory inventory, DateTimeOffset now, TimeSpan? validity)
    {
        var lists = RevocationLists.Sign(folder, authorities, inventory, now, validity);
        FolderChange.Make(folder, change =>
        {
            change.Put(folder.RevocationList, lists.Pem, PkiFolder.CertificateMode);
            change.Put(folder.Inventory, (inventory with { CrlNumber = lists.Number }).Text(), PkiFolder.InventoryMode);
        });
        return lists;
    }

    private static List<InventoryEntry> Choose(Inventory inventory, string subject)
    {
        if (subject == "ca")
        {
            throw new ToolException(ToolException.Usage, "a CA cannot revoke itself\nreplace it with: certs-tool rotate-ca, and then certs-tool rotate-ca --finish");
        }

        var serial = new string([.. subject.ToLowerInvariant().Where(c => c != ':')]).TrimEnd('…').TrimStart('0');
        var named = inventory.Certificates.Where(entry => entry.Kind != "ca" && entry.Name == subject).ToList();
        var numbered = serial.Length >= ShortestSerial ? inventory.Certificates.Where(entry => entry.Kind != "ca" && entry.Serial.StartsWith(serial, StringComparison.Ordinal)).ToList() : [];
        if (numbered.FirstOrDefault(entry => entry.Serial == serial) is { } exact)
        {
            numbered = [exact];
        }

        return (named.Count, numbered.Count) switch
        {
            ( > 0, 0) => named,
            (0, 1) => numbered,
            (0, 0) => throw new ToolException(ToolException.Usage, $"no certificate has the name or serial \"{Terminal.Plain(subject)}\"\nsee what there is with: certs-tool list"),
            _ => throw new ToolException(ToolException.Usage, $"\"{Terminal.Plain(subject)}\" means several certificates\nuse a whole serial from: certs-tool list --format json"),
        };
    }

    private static string Describe(InventoryEntry entry) => $"\"{Terminal.Plain(entry.Name)}\" (serial {entry.Serial})";
}
