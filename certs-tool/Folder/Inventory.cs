using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using CertsTool.Certificates;
using Org.BouncyCastle.X509;

namespace CertsTool.Folder;

/// <summary>One certificate that a CA of this folder issued. What has a default is left out of the file where it has it.</summary>
/// <param name="Kind"><c>ca</c>, <c>server</c> or <c>client</c>.</param>
/// <param name="Serial">Lower-case hex.</param>
/// <param name="State">One of <see cref="CertificateState"/>; expiry is a matter of the clock.</param>
internal sealed record InventoryEntry(string Name, string Kind, string Serial, string Sha256, DateTimeOffset NotBefore, DateTimeOffset NotAfter, string State)
{
    /// <summary>The SHA-256 of the CA that signed it; missing in inventories from before a CA could be rotated.</summary>
    public string? Authority { get; init; }

    public string? Key { get; init; }

    /// <summary>The pin of the key, as a policy has it.</summary>
    public string? Spki { get; init; }

    public IReadOnlyList<string>? Groups { get; init; }

    public IReadOnlyList<string>? Hosts { get; init; }

    /// <summary>True where the key was made elsewhere and only a request came here.</summary>
    public bool Signed { get; init; }

    /// <summary>True once a renewal made another for the same holder; it stays valid until it ends or is revoked.</summary>
    public bool Replaced { get; init; }

    public DateTimeOffset? Revoked { get; init; }

    /// <summary>Why it was revoked, by RFC 5280's names.</summary>
    public string? Reason { get; init; }

    public static InventoryEntry Of(string name, string kind, X509Certificate certificate, string? authority, bool signed = false) => new(
        name,
        kind,
        CertificateFacts.Serial(certificate),
        CertificateFacts.Sha256(certificate),
        CertificateFacts.NotBefore(certificate),
        CertificateFacts.NotAfter(certificate),
        CertificateState.Valid)
    {
        Authority = authority,
        Key = KeyKind.Of(certificate.SubjectPublicKeyInfo),
        Spki = CertificateFacts.Spki(certificate),
        Groups = CertificateFacts.Groups(certificate) is { Count: > 0 } groups ? groups : null,
        Hosts = kind == "server" ? CertificateFacts.Hosts(certificate) : null,
        Signed = signed,
    };

    /// <summary>The state as of a time.</summary>
    public string StateAt(DateTimeOffset now) => State == CertificateState.Valid && NotAfter < now ? CertificateState.Expired : State;

    public InventoryEntry AsRevoked(DateTimeOffset time, string reason) => this with { State = CertificateState.Revoked, Revoked = time, Reason = reason };
}

/// <summary>What became of a certificate.</summary>
internal static class CertificateState
{
    public const string Valid = "valid";
    public const string Expired = "expired";
    public const string Revoked = "revoked";

    /// <summary>Its CA is trusted no more: a rotation was finished.</summary>
    public const string Retired = "retired";
}

/// <summary>Every certificate that was issued, in <c>inventory.json</c>.</summary>
/// <param name="CrlNumber">The number of the last revocation list, so that numbers rise even where the list is lost.</param>
internal sealed record Inventory(int Version, IReadOnlyList<InventoryEntry> Certificates, long CrlNumber = 0)
{
    private const int MaxBytes = 64 << 20;

    /// <summary>Base64's plus as itself: a pin in the file is the text to search for.</summary>
    public static InventoryJson Readable { get; } = new(new JsonSerializerOptions(InventoryJson.Default.Options) { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping });

    /// <exception cref="ToolException">The file is missing or no inventory.</exception>
    public static Inventory Read(PkiFolder folder)
    {
        if (!File.Exists(folder.Inventory))
        {
            throw File.Exists(folder.Authority)
                ? Damaged(folder, "missing")
                : folder.HasNoAuthority();
        }

        try
        {
            return JsonSerializer.Deserialize(PemFile.ReadBytes(folder.Inventory, MaxBytes), InventoryJson.Default.Inventory) switch
            {
                { Version: 1 } inventory => inventory,
                _ => throw new JsonException("not version 1"),
            };
        }
        catch (Exception e) when (e is JsonException or IOException or UnauthorizedAccessException)
        {
            throw Damaged(folder, Terminal.Plain(e.Message));
        }
    }

    public string Text() => JsonSerializer.Serialize(this, Readable.Inventory) + "\n";

    public Inventory With(InventoryEntry entry) => this with { Certificates = [.. Certificates, entry] };

    /// <summary>The certificate that a holder uses now: the one that no renewal replaced.</summary>
    public InventoryEntry? CurrentOf(Bundle bundle) => Certificates.LastOrDefault(entry => entry.Kind == bundle.Kind && entry.Name == bundle.Name && !entry.Replaced);

    public Inventory Change(Func<InventoryEntry, bool> which, Func<InventoryEntry, InventoryEntry> change) =>
        this with { Certificates = [.. Certificates.Select(entry => which(entry) ? change(entry) : entry)] };

    private static ToolException Damaged(PkiFolder folder, string why) =>
        new(ToolException.Damaged, $"{folder.Inventory}: {why}; nothing was changed\nbuild it anew from the certificates with: certs-tool verify --repair --dir {folder.Path}");
}

[JsonSourceGenerationOptions(
    WriteIndented = true, PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, RespectNullableAnnotations = true, RespectRequiredConstructorParameters = true, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingDefault)]
[JsonSerializable(typeof(Inventory))]
[JsonSerializable(typeof(IReadOnlyList<InventoryEntry>))]
internal sealed partial class InventoryJson : JsonSerializerContext;
