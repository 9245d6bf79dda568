using System.Security.Cryptography;
using System.Text;
using CertsTool.Checks;
using Org.BouncyCastle.Asn1;
using Org.BouncyCastle.Asn1.Pkcs;
using Org.BouncyCastle.Asn1.X509;
using Org.BouncyCastle.Asn1.X9;
using Org.BouncyCastle.Pkcs;
using Org.BouncyCastle.Security;
using Org.BouncyCastle.X509;

namespace CertsTool.Certificates;

/// <summary>
/// A request (PKCS #10, RFC 2986) whose maker has shown that the key is theirs. Only the key and the subject's name count.
/// </summary>
/// <param name="Key">The key, encoded anew.</param>
/// <param name="Name">The subject's one CN; null where there is not exactly one that is plain text.</param>
/// <param name="Ignored">What else the request asks for, in words.</param>
internal sealed record CertificateRequest(SubjectPublicKeyInfo Key, string? Name, IReadOnlyList<string> Ignored)
{
    private const int MaxBytes = 64 << 10;
    private static readonly DerObjectIdentifier MicrosoftExtensionRequest = new("1.3.6.1.4.1.311.2.1.14");

    private static readonly Dictionary<string, string> Signatures = new(StringComparer.Ordinal)
    {
        [PkcsObjectIdentifiers.Sha256WithRsaEncryption.Id] = "rsa",
        [PkcsObjectIdentifiers.Sha384WithRsaEncryption.Id] = "rsa",
        [PkcsObjectIdentifiers.Sha512WithRsaEncryption.Id] = "rsa",
        [X9ObjectIdentifiers.ECDsaWithSha256.Id] = "p",
        [X9ObjectIdentifiers.ECDsaWithSha384.Id] = "p",
        [X9ObjectIdentifiers.ECDsaWithSha512.Id] = "p",
    };

    private static readonly Dictionary<DerObjectIdentifier, string> ExtensionNames = new()
    {
        [X509Extensions.SubjectAlternativeName] = "subjectAltName",
        [X509Extensions.KeyUsage] = "keyUsage",
        [X509Extensions.ExtendedKeyUsage] = "extendedKeyUsage",
        [X509Extensions.BasicConstraints] = "basicConstraints",
        [X509Extensions.SubjectKeyIdentifier] = "subjectKeyIdentifier",
        [X509Extensions.AuthorityKeyIdentifier] = "authorityKeyIdentifier",
        [X509Extensions.CertificatePolicies] = "certificatePolicies",
        [X509Extensions.NameConstraints] = "nameConstraints",
    };

    /// <exception cref="ToolException">The file is no request, or one that is refused; the message says why.</exception>
    public static CertificateRequest Read(string file)
    {
        try
        {
            var der = Der(PemFile.ReadBytes(file, MaxBytes));
            DerShape.Check(der);
            var request = new Pkcs10CertificationRequest(der);
            return request.GetDerEncoded().AsSpan().SequenceEqual(der) ? Judge(file, request) : throw new FormatException("its encoding is not DER");
        }
        catch (Exception e) when (PemFile.IsUnreadable(e))
        {
            throw Refused(file, $"cannot be read as a request: {PemFile.Words(e)}", "make one with: openssl req -new -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout key.pem -subj /CN=NAME -out FILE.csr");
        }
    }

    private static CertificateRequest Judge(string file, Pkcs10CertificationRequest request)
    {
        var info = request.GetCertificationRequestInfo();
        var kind = KeyKind.Of(info.SubjectPublicKeyInfo);
        if (KeyLint.Check(info.SubjectPublicKeyInfo).FirstOrDefault() is { } weak)
        {
            throw Refused(file, weak, "make the request with an RSA key of 2048 to 4096 bits, or a P-256 or P-384 key");
        }

        var algorithm = request.SignatureAlgorithm.Algorithm.Id;
        if (!Signatures.TryGetValue(algorithm, out var family) || !kind.StartsWith(family, StringComparison.Ordinal))
        {
            throw Refused(file, $"its signature ({algorithm}) is not SHA-256, SHA-384 or SHA-512 with the request's own kind of key", "make the request again with openssl req -sha256");
        }

        if (!request.Verify())
        {
            throw Refused(file, "its signature was not made with the key in it, so nothing shows that the key is the sender's", "make the request again with the private key that belongs to it");
        }

        var (name, ignored) = Subject(info.Subject);
        foreach (var attribute in info.Attributes ?? DerSet.Empty)
        {
            var pair = AttributePkcs.GetInstance(attribute);
            if (pair.AttrType.Equals(PkcsObjectIdentifiers.Pkcs9AtExtensionRequest) || pair.AttrType.Equals(MicrosoftExtensionRequest))
            {
                ignored.AddRange(Extensions(file, X509Extensions.GetInstance(pair.AttrValues[0])));
            }
            else
            {
                ignored.Add(pair.AttrType.Equals(PkcsObjectIdentifiers.Pkcs9AtChallengePassword) ? "challengePassword" : $"attribute {pair.AttrType.Id}");
            }
        }

        var clean = SubjectPublicKeyInfoFactory.CreateSubjectPublicKeyInfo(PublicKeyFactory.CreateKey(info.SubjectPublicKeyInfo));
        return new CertificateRequest(clean, name, ignored);
    }

    private static (string? Name, List<string> Ignored) Subject(X509Name subject)
    {
        List<string> ignored = [];
        List<string?> names = [];
        foreach (var rdn in Asn1Sequence.GetInstance(subject.ToAsn1Object()).Select(Asn1Set.GetInstance))
        {
            foreach (var pair in rdn.Select(Asn1Sequence.GetInstance))
            {
                var type = DerObjectIdentifier.GetInstance(pair[0]);
                if (type.Equals(X509Name.CN))
                {
                    names.Add(rdn.Count > 1 ? null : pair[1] switch { DerUtf8String text => text.GetString(), DerPrintableString text => text.GetString(), _ => null });
                }
                else
                {
                    var label = X509Name.DefaultSymbols.TryGetValue(type, out var symbol) ? symbol : type.Id;
                    ignored.Add($"{label} \"{(pair[1] is IAsn1String value ? Terminal.Plain(value.GetString()) : "?")}\" in its subject");
                }
            }
        }

        return (names is [{ } only] ? only : null, ignored);
    }

    private static IEnumerable<string> Extensions(string file, X509Extensions extensions)
    {
        var constraints = BasicConstraints.FromExtensions(extensions);
        var usage = KeyUsage.FromExtensions(extensions);
        if (constraints is not null && constraints.IsCA() || usage is not null && (usage.IntValue & (KeyUsage.KeyCertSign | KeyUsage.CrlSign)) != 0)
        {
            throw Refused(file, "it asks to be a CA, and this CA makes no other", "make the request again without basicConstraints CA:TRUE, keyCertSign and cRLSign");
        }

        return extensions.GetExtensionOids().Select(oid => ExtensionNames.GetValueOrDefault(oid) ?? $"extension {oid.Id}");
    }

    private static byte[] Der(byte[] bytes)
    {
        if (bytes.Length > 0 && bytes[0] == 0x30)
        {
            return bytes;
        }

        var text = Encoding.ASCII.GetString(bytes);
        if (!PemEncoding.TryFind(text, out var block) || text[block.Label] is not ("CERTIFICATE REQUEST" or "NEW CERTIFICATE REQUEST"))
        {
            throw new FormatException(text.Contains("PRIVATE KEY", StringComparison.Ordinal)
                ? "it holds a private key, which must never travel"
                : "there is no CERTIFICATE REQUEST in it");
        }

        return PemEncoding.TryFind(text.AsSpan(block.Location.End..), out _) ? throw new FormatException("it holds more than one PEM block") : Convert.FromBase64String(text[block.Base64Data]);
    }

    private static ToolException Refused(string file, string why, string next) => new(ToolException.Usage, $"{Terminal.Plain(file)}: refused: {why}\n{next}");
}
