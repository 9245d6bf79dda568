using System.CommandLine;
using CertsTool.Certificates;
using CertsTool.Folder;

namespace CertsTool.Commands;

/// <summary><c>crl</c>: the revocation list once more, before the one in force ends.</summary>
internal static class CrlCommand
{
    private static readonly TimeSpan Short = TimeSpan.FromDays(30);

    public static Command Create(CommonOptions common) => common.Make(
        "crl", "Writes the revocation list anew (good as long as the one before, 397 days at first, unless --valid says otherwise)", "certs-tool crl --valid 7d", [common.Valid, common.PassphraseFile], result =>
        {
            var terminal = common.Session.Terminal;
            var folder = common.Folder(result);
            var validity = common.Validity(result);
            var now = common.Session.SigningTime;
            var passphrase = common.Passphrase(result);
            using var held = FolderLock.Take(folder, terminal);
            var inventory = Inventory.Read(folder);
            var lists = RevokeCommand.WriteLists(folder, Authorities.Load(folder, passphrase), inventory, now, validity);
            terminal.Print($"wrote {folder.RevocationList}: {inventory.Certificates.Count(entry => entry.State == CertificateState.Revoked)} revoked, good until {lists.NextUpdate:yyyy-MM-dd HH:mm} UTC");
            if (lists.NextUpdate - now < Short)
            {
                terminal.Print("next: past that time the gateway refuses everybody; let docker-gateway-crl.timer write it anew in time");
            }

            return 0;
        });
}
