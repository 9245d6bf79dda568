using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.RegularExpressions;
using Org.BouncyCastle.Asn1;
using Org.BouncyCastle.Asn1.X509;

namespace Gateway.Identity;

/// <summary>
/// The names in a certificate's subject, read from the DER structure, never from a formatted DN, whose escaping and order are
/// attackable (I57).
/// </summary>
internal sealed partial class CertificateSubject
{
    private readonly List<List<(DerObjectIdentifier Type, string? Value)>> rdns;

    /// <exception cref="ArgumentException">The subject is no sequence of sets of attributes.</exception>
    public CertificateSubject(X509Certificate2 certificate)
    {
        rdns = [.. Rdns(Asn1Object.FromByteArray(certificate.SubjectName.RawData))];
        var alternative = certificate.Extensions.FirstOrDefault(e => e.Oid?.Value == X509Extensions.SubjectAlternativeName.Id);
        Uris = alternative is null ? [] :
        [
            .. GeneralNames.GetInstance(Asn1Object.FromByteArray(alternative.RawData)).GetNames()
                .Where(n => n.TagNo == GeneralName.UniformResourceIdentifier).Select(n => DerIA5String.GetInstance(n.Name).GetString()),
        ];
    }

    /// <summary>The one CN: alone in its RDN, PrintableString or UTF8String, <c>a-z 0-9 . _ -</c>; else null.</summary>
    public string? CommonName => rdns.Where(rdn => rdn.Exists(a => a.Type.Equals(X509Name.CN))).ToList() is [{ Count: 1 } only] && IsPlain(only[0].Value) ? only[0].Value : null;

    /// <summary>The O values that can be groups.</summary>
    public IReadOnlyList<string> Organizations =>
        [.. rdns.Where(rdn => rdn.Count == 1 && rdn[0].Type.Equals(X509Name.O)).Select(rdn => rdn[0].Value).Where(IsPlain).Select(value => value!)];

    /// <summary>The URIs of the subject's alternative names.</summary>
    public IReadOnlyList<string> Uris { get; }

    /// <summary>All CN values for a message: escaped to ASCII, cut.</summary>
    public string Shown
    {
        get
        {
            var text = new StringBuilder();
            foreach (var c in string.Join(", ", rdns.SelectMany(rdn => rdn).Where(a => a.Type.Equals(X509Name.CN)).Select(a => a.Value ?? "?")).Take(80))
            {
                text.Append(c is >= ' ' and <= '~' and not '\\' ? c.ToString() : $"\\u{(int)c:x4}");
            }

            return text.ToString();
        }
    }

    private static bool IsPlain(string? value) => value is not null && Plain().IsMatch(value);

    /// <summary>The RDNs with the text of each value; null for a value that is neither PrintableString nor UTF8String.</summary>
    private static IEnumerable<List<(DerObjectIdentifier Type, string? Value)>> Rdns(Asn1Object subject) =>
        Asn1Sequence.GetInstance(subject).Select(rdn => Asn1Set.GetInstance(rdn).Select(item =>
        {
            var pair = Asn1Sequence.GetInstance(item);
            var text = pair[1] switch
            {
                DerUtf8String utf8 => utf8.GetString(),
                DerPrintableString printable => printable.GetString(),
                _ => null,
            };
            return (DerObjectIdentifier.GetInstance(pair[0]), text);
        }).ToList());

    [GeneratedRegex(@"\A[a-z0-9][a-z0-9._-]{0,63}\z")]
    private static partial Regex Plain();
}
