using Org.BouncyCastle.Asn1;
using Org.BouncyCastle.Asn1.X509;
using Org.BouncyCastle.Math;
using Org.BouncyCastle.X509;

namespace CertsTool.Certificates;

/// <summary>One entry of a revocation list.</summary>
internal sealed record RevokedCertificate(BigInteger Serial, DateTimeOffset Time, string? Reason);

/// <summary>Why a certificate is revoked, by the names of RFC 5280 §5.3.1.</summary>
internal static class RevocationReason
{
    public const string Unspecified = "unspecified";
    public const string KeyCompromise = "keyCompromise";
    public const string Superseded = "superseded";

    private static readonly Dictionary<string, int> Codes = new(StringComparer.Ordinal)
    {
        [Unspecified] = 0,
        [KeyCompromise] = 1,
        ["cACompromise"] = 2,
        ["affiliationChanged"] = 3,
        [Superseded] = 4,
        ["cessationOfOperation"] = 5,
        ["certificateHold"] = 6,
        ["privilegeWithdrawn"] = 9,
        ["aACompromise"] = 10,
    };

    /// <summary>The RFC's spelling of a reason; <c>key-compromise</c> and other case will do.</summary>
    /// <exception cref="ToolException">There is no such reason, or it cannot be given.</exception>
    public static string Check(string text)
    {
        var wanted = text.Replace("-", "", StringComparison.Ordinal);
        var reason = Codes.Keys.FirstOrDefault(name => name.Equals(wanted, StringComparison.OrdinalIgnoreCase));
        return reason switch
        {
            null => throw new ToolException(ToolException.Usage, $"\"{Terminal.Plain(text)}\" is no reason\nuse one of: {string.Join(", ", Codes.Keys.Where(name => name != "certificateHold"))}"),
            "certificateHold" => throw new ToolException(ToolException.Usage, "certificateHold is for what may be lifted again, and a revocation here never is\nuse another reason, or take the user out of the policy for a while"),
            _ => reason,
        };
    }

    /// <summary>The entry's extensions; none for "unspecified", which RFC 5280 wants left out.</summary>
    public static X509Extensions? Extension(string? reason)
    {
        if (reason is null || !Codes.TryGetValue(reason, out var code) || code == 0)
        {
            return null;
        }

        var generator = new X509ExtensionsGenerator();
        generator.AddExtension(X509Extensions.ReasonCode, false, new CrlReason(code));
        return generator.Generate();
    }

    public static string? Of(X509CrlEntry entry)
    {
        if (entry.GetExtensionValue(X509Extensions.ReasonCode) is not { } value)
        {
            return null;
        }

        var code = DerEnumerated.GetInstance(Asn1Object.FromByteArray(value.GetOctets())).IntValueExact;
        return Codes.FirstOrDefault(pair => pair.Value == code).Key;
    }
}
