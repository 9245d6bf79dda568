using System.Diagnostics.CodeAnalysis;

namespace Gateway.Policy.Files.Values;

/// <summary><c>sha256:BASE64</c> over a certificate's SubjectPublicKeyInfo (RFC 7469 §2.4).</summary>
internal static class PublicKeyPin
{
    private const string Prefix = "sha256:";
    private const int DigestLength = 32;

    public static bool TryParse(string text, [NotNullWhen(true)] out string? value, [NotNullWhen(false)] out string? problem)
    {
        // Written back and compared: padding bits that do not count would make two spellings of one key.
        var digest = new byte[DigestLength + 1];
        var valid = text.StartsWith(Prefix, StringComparison.Ordinal)
            && Convert.TryFromBase64String(text[Prefix.Length..], digest, out var length)
            && length == DigestLength
            && Convert.ToBase64String(digest, 0, length) == text[Prefix.Length..];
        value = valid ? text : null;
        problem = valid ? null : $"{Quoted.Text(text)} is not a public key's pin: write sha256: and the base64 of 32 bytes";
        return valid;
    }
}
