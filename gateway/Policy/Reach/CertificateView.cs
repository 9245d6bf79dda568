using System.Globalization;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json;
using Gateway.Objects;
using Gateway.Policy.Files;

namespace Gateway.Policy.Reach;

/// <summary>A client certificate that certs-tool's inventory lists.</summary>
/// <param name="Usable">Neither revoked nor expired.</param>
internal sealed record ListedCertificate(string Name, bool Usable, string State, IReadOnlyList<string> Organizations);

/// <summary>The client certificates of a PKI folder as certs-tool keeps it, beside the policy's users.</summary>
internal sealed class CertificateView
{
    private const string OrganizationOid = "2.5.4.10";
    private const string LocalAccount = "local account";
    private const int MaxBytes = 16 << 20;
    private readonly List<ListedCertificate> certificates;
    private readonly SourcePosition inventory;

    private CertificateView(string file, List<ListedCertificate> certificates) => (inventory, this.certificates) = (SourcePosition.Whole(file), certificates);

    /// <exception cref="FormatException">The folder has no inventory that can be read.</exception>
    public static CertificateView Read(string folder, DateTimeOffset now)
    {
        var file = Path.Combine(folder, "inventory.json");
        try
        {
            if (new FileInfo(file).Length > MaxBytes)
            {
                throw new FormatException($"{file} is longer than {MaxBytes >> 20} MiB");
            }

            using var document = JsonDocument.Parse(File.ReadAllText(file));
            var listed = Json.Items(Json.Member(document.RootElement, "certificates")).Where(c => Json.String(c, "kind") == "client").Select(c => Listed(c, folder, now)).ToList();
            return Json.Member(document.RootElement, "certificates").ValueKind == JsonValueKind.Array ? new CertificateView(file, listed) : throw new FormatException($"{file} is not an inventory of certs-tool");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or JsonException)
        {
            throw new FormatException(e is FileNotFoundException or DirectoryNotFoundException ? $"{file} is not there; name the folder that certs-tool made" : $"{file} cannot be read: {e.Message}", e);
        }
    }

    /// <summary>In a few words, for the table of users.</summary>
    public string State(string user, AccessPolicy policy)
    {
        var own = certificates.Where(c => c.Name == user).ToList();
        return policy.Users.GetValueOrDefault(user)?.Spki is not null ? "pinned key"
            : own.Exists(c => c.Usable) ? "valid"
            : own.Count == 0 && policy.Users.GetValueOrDefault(user)?.Unix is not null ? LocalAccount
            : own.Count > 0 ? own[^1].State
            : "none";
    }

    public IEnumerable<Finding> Findings(AccessPolicy policy, IReadOnlyList<Holder> holders)
    {
        var named = holders.Where(h => !h.IsGroup).Select(h => h.Name).ToHashSet(StringComparer.Ordinal);
        foreach (var name in named.Order(StringComparer.Ordinal).Where(name => State(name, policy) is not ("valid" or "pinned key" or LocalAccount)))
        {
            var state = State(name, policy);
            yield return new Finding
            {
                Kind = "user-without-certificate",
                Extent = Extent.Own,
                Weight = Weight.Warning,
                User = name,
                Subject = name,
                At = policy.Places.Of("users", name) ?? policy.Places.Of("groups"),
                Title = state == "none" ? $"user {name} has no certificate" : $"user {name} has no usable certificate ({state})",
                How = "Nobody can come as this user over TLS; whoever gets a certificate of that name next has its roles.",
                Fix = $"certs-tool client {name}, or remove the user",
            };
        }

        var organizations = policy.Groups.Values.Select(g => g.Organization).OfType<string>().ToHashSet(StringComparer.Ordinal);
        foreach (var certificate in certificates.Where(c => c.Usable && !named.Contains(c.Name) && !c.Organizations.Any(organizations.Contains)).DistinctBy(c => c.Name).OrderBy(c => c.Name, StringComparer.Ordinal))
        {
            yield return new Finding
            {
                Kind = "certificate-without-user",
                Extent = Extent.Own,
                Weight = Weight.Warning,
                User = certificate.Name,
                Subject = certificate.Name,
                At = inventory,
                Title = $"certificate {certificate.Name} belongs to no user of the policy",
                How = "It opens a connection and is refused on every request, until somebody adds a user of that name.",
                Fix = $"certs-tool revoke {certificate.Name}, or add the user",
            };
        }
    }

    private static ListedCertificate Listed(JsonElement entry, string folder, DateTimeOffset now)
    {
        var name = Json.String(entry, "name") ?? "";
        var state = Json.String(entry, "state") ?? "";
        var expired = DateTimeOffset.TryParse(Json.String(entry, "notAfter"), CultureInfo.InvariantCulture, out var end) && end < now;
        return new ListedCertificate(name, state == "valid" && !expired, expired ? "expired" : state, Organizations(Path.Combine(folder, "clients", Path.GetFileName(name), "cert.pem")));
    }

    private static IReadOnlyList<string> Organizations(string file)
    {
        try
        {
            if (!File.Exists(file))
            {
                return [];
            }

            using var certificate = X509Certificate2.CreateFromPem(File.ReadAllText(file));
            return [.. certificate.SubjectName.EnumerateRelativeDistinguishedNames().Where(r => !r.HasMultipleElements && r.GetSingleElementType().Value == OrganizationOid).Select(r => r.GetSingleElementValue() ?? "")];
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or CryptographicException)
        {
            return [];
        }
    }
}
