using System.Text.Json;
using System.Text.Json.Serialization;

namespace CertsTool;

/// <summary>One certificate that the CA issued.</summary>
/// <param name="Kind"><c>ca</c>, <c>server</c> or <c>client</c>.</param>
/// <param name="Serial">Lower-case hex.</param>
/// <param name="State"><c>valid</c> or <c>revoked</c>; expiry is a matter of the clock.</param>
internal sealed record InventoryEntry(string Name, string Kind, string Serial, string Sha256, DateTimeOffset NotBefore, DateTimeOffset NotAfter, string State);

/// <summary>Every certificate that was issued, in <c>inventory.json</c>.</summary>
internal sealed record Inventory(int Version, IReadOnlyList<InventoryEntry> Certificates)
{
    /// <exception cref="ToolException">The file is missing or no inventory.</exception>
    public static Inventory Read(PkiFolder folder)
    {
        if (!File.Exists(folder.Inventory))
        {
            throw new ToolException(ToolException.Usage, $"{folder.Path} holds no CA; make one with: certs-tool init --dir {folder.Path}");
        }

        try
        {
            return JsonSerializer.Deserialize(File.ReadAllText(folder.Inventory), InventoryJson.Default.Inventory) is { Version: 1, Certificates: not null } inventory
                ? inventory
                : throw new JsonException("not version 1");
        }
        catch (JsonException e)
        {
            throw new ToolException(ToolException.Damaged, $"{folder.Inventory} is damaged ({e.Message}); nothing was changed");
        }
    }

    public void Write(PkiFolder folder) =>
        PkiFolder.Write(folder.Inventory, JsonSerializer.Serialize(this, InventoryJson.Default.Inventory) + "\n", UnixFileMode.UserRead | UnixFileMode.UserWrite, replace: true);

    public Inventory With(InventoryEntry entry) => this with { Certificates = [.. Certificates, entry] };
}

[JsonSourceGenerationOptions(WriteIndented = true, PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, RespectNullableAnnotations = true)]
[JsonSerializable(typeof(Inventory))]
[JsonSerializable(typeof(IReadOnlyList<InventoryEntry>))]
internal sealed partial class InventoryJson : JsonSerializerContext;
