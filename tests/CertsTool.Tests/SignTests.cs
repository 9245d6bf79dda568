using System.Text;
using CertsTool.Certificates;
using CertsTool.Tests.Support;
using Xunit;

namespace CertsTool.Tests;

/// <summary><c>sign</c>: what a request may decide, and which requests are refused.</summary>
public sealed class SignTests : IDisposable
{
    private static readonly string[] P256 = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256"];
    private readonly TestFolder folder = new();

    public SignTests() => folder.Must("init", "--host", "localhost");

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData("rsa:2048", null)]
    [InlineData("rsa:4096", null)]
    [InlineData("ec", "ec_paramgen_curve:P-256")]
    [InlineData("ec", "ec_paramgen_curve:P-384")]
    public void SignsEveryKindOfKeyThatDockerAndTheGatewayKnow(string algorithm, string? option)
    {
        var request = folder.Request("a.csr", "/CN=alice", option is null ? ["-newkey", algorithm] : ["-newkey", algorithm, "-pkeyopt", option]);

        folder.Must("sign", request, "--as", "client");

        Assert.Equal(0, TestFolder.OpenSsl("verify", "-x509_strict", "-purpose", "sslclient", "-CAfile", folder.In("ca.pem"), folder.In("clients", "alice", "cert.pem")).Code);
        Assert.Equal(
            TestFolder.OpenSsl("pkey", "-in", request + ".key", "-pubout").Output,
            TestFolder.OpenSsl("x509", "-in", folder.In("clients", "alice", "cert.pem"), "-noout", "-pubkey").Output);
        Assert.False(File.Exists(folder.In("clients", "alice", "key.pem")));
        folder.Must("verify");
    }

    [Fact]
    public void TakesKeyAndNameAloneAndSaysWhatItIgnores()
    {
        var request = folder.Request("a.csr", "/O=admins/OU=ops/CN=alice", P256, "-addext", "subjectAltName=DNS:evil.example.com", "-addext", "extendedKeyUsage=serverAuth,anyExtendedKeyUsage");

        var said = folder.Must("sign", request, "--as", "client", "--groups", "oncall");

        var made = folder.Certificate("clients", "alice", "cert.pem");
        Assert.Equal("O=oncall,CN=alice", made.SubjectDN.ToString());
        Assert.Equal(["alice"], CertificateFacts.Hosts(made));
        Assert.Equal(["1.3.6.1.5.5.7.3.2"], CertificateFacts.Purposes(made));
        Assert.All((string[])["admins", "ops", "subjectAltName", "extendedKeyUsage"], part => Assert.Contains(part, said, StringComparison.Ordinal));
    }

    [Fact]
    public void GivesAServerTheHostsOfTheCommandAlone()
    {
        Directory.Delete(folder.In("server"), recursive: true);
        var request = folder.Request("s.csr", "/CN=docker.example.com", P256, "-addext", "subjectAltName=DNS:evil.example.com");

        folder.Must("sign", request, "--as", "server", "--host", "docker.example.com", "--host", "192.0.2.7");

        Assert.Equal(["docker.example.com", "192.0.2.7"], CertificateFacts.Hosts(folder.Certificate("server", "cert.pem")));
    }

    [Theory]
    [InlineData("-newkey rsa:1024", "", "e_rsa_mod_less_than_2048_bits")]
    [InlineData("-newkey ed25519", "", "Ed25519")]
    [InlineData("-newkey ec -pkeyopt ec_paramgen_curve:P-521", "", "secp521r1")]
    [InlineData("-newkey ec -pkeyopt ec_paramgen_curve:secp256k1", "", "secp256k1")]
    [InlineData("-newkey ec -pkeyopt ec_paramgen_curve:P-256 -pkeyopt ec_param_enc:explicit", "", "elliptic curve of its own")]
    [InlineData("-newkey rsa:2048", "-sha1", "SHA-256")]
    [InlineData("-newkey rsa:2048", "-addext basicConstraints=CA:TRUE", "asks to be a CA")]
    [InlineData("-newkey rsa:2048", "-addext keyUsage=keyCertSign", "asks to be a CA")]
    [InlineData("-newkey rsa:2048", "-addext keyUsage=cRLSign,digitalSignature", "asks to be a CA")]
    public void RefusesWeakKeysAndRequestsToBeACa(string key, string more, string why)
    {
        var request = folder.Request("x.csr", "/CN=mallory", key.Split(' '), more.Split(' ', StringSplitOptions.RemoveEmptyEntries));
        var before = folder.Fingerprint();

        var outcome = folder.Tool("sign", request, "--as", "client");

        Assert.Equal(2, outcome.Code);
        Assert.Contains(why, outcome.Error, StringComparison.Ordinal);
        Assert.Equal(before, folder.Fingerprint());
    }

    [Theory]
    [InlineData("/CN=alice/CN=bob")]
    [InlineData("/CN=alice+O=x")]
    [InlineData("/O=alice")]
    [InlineData("/CN=..")]
    [InlineData("/CN=a b")]
    [InlineData("/CN=server")]
    [InlineData("/CN=ca")]
    [InlineData("/CN=al\\/ice")]
    public void RefusesSubjectsThatAreNoName(string subject)
    {
        var request = folder.Request("x.csr", subject, P256, subject.Contains('+', StringComparison.Ordinal) ? ["-multivalue-rdn"] : []);

        Assert.Equal(2, folder.Tool("sign", request, "--as", "client").Code);
        Assert.False(Directory.Exists(folder.In("clients")));
    }

    [Fact]
    public void TakesTheNameOfTheCommandInPlaceOfAnUnusableSubject()
    {
        folder.Must("sign", folder.Request("x.csr", "/CN=alice/CN=root", P256), "--as", "client", "--name", "carol");

        Assert.Equal("CN=carol", folder.Certificate("clients", "carol", "cert.pem").SubjectDN.ToString());
    }

    [Fact]
    public void RefusesARequestWhoseSignatureDoesNotProveTheKey()
    {
        var request = folder.Request("x.csr", "/CN=alice", P256);
        var der = folder.Beside("x.der");
        TestFolder.OpenSsl("req", "-in", request, "-outform", "DER", "-out", der);
        var bytes = File.ReadAllBytes(der);
        var at = bytes.AsSpan().IndexOf("alice"u8);
        "admin"u8.CopyTo(bytes.AsSpan(at));
        File.WriteAllBytes(der, bytes);

        var outcome = folder.Tool("sign", der, "--as", "client");

        Assert.Equal(2, outcome.Code);
        Assert.Contains("nothing shows that the key is the sender's", outcome.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void RefusesAKeyThatIsSomebodyElsesOrWasCompromised()
    {
        var request = folder.Request("x.csr", "/CN=alice", P256);
        folder.Must("sign", request, "--as", "client");

        Assert.Contains("\"alice\" already", folder.Tool("sign", request, "--as", "client", "--name", "bob").Error, StringComparison.Ordinal);

        folder.Must("revoke", "alice", "--reason", "keyCompromise");
        Assert.Contains("compromised", folder.Tool("sign", request, "--as", "client", "--renew").Error, StringComparison.Ordinal);
        Assert.Equal(2, folder.Tool("renew", "alice", "--keep-key").Code);
    }

    [Fact]
    public void ReplacesASignedCertificateOnlyWhenAskedTo()
    {
        folder.Must("sign", folder.Request("x.csr", "/CN=alice", P256), "--as", "client");
        var next = folder.Request("y.csr", "/CN=alice", P256);

        Assert.Equal(2, folder.Tool("sign", next, "--as", "client").Code);
        folder.Must("sign", next, "--as", "client", "--renew");

        Assert.Equal(2, folder.Inventory.Certificates.Count(entry => entry.Name == "alice"));
        folder.Must("client", "bob");
        Assert.Equal(2, folder.Tool("sign", next, "--as", "client", "--name", "bob", "--renew").Code);
        folder.Must("verify");
    }

    public static TheoryData<string, byte[]> Broken => new()
    {
        { "empty", [] },
        { "no PEM", "hello"u8.ToArray() },
        { "a key", Encoding.ASCII.GetBytes("-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n") },
        { "indefinite lengths", [.. Enumerable.Repeat<byte[]>([0x30, 0x80], 20_000).SelectMany(pair => pair)] },
        { "nested", Nested(5_000) },
        { "too long", new byte[70_000] },
        { "a length beyond its end", [0x30, 0x83, 0xff, 0xff, 0xff] },
        { "half a request", [0x30, 0x82, 0x01, 0x00, 0x30, 0x03, 0x02] },
        { "an empty request", [0x30, 0x00] },
        { "NULL for everything", [0x30, 0x06, 0x05, 0x00, 0x05, 0x00, 0x05, 0x00] },
    };

    [Theory]
    [MemberData(nameof(Broken))]
    public void RefusesWhatIsNoRequestWithoutFallingOver(string what, byte[] bytes)
    {
        var file = folder.Beside("broken.csr");
        File.WriteAllBytes(file, bytes);

        var outcome = folder.Tool("sign", file, "--as", "client");

        Assert.True(outcome.Code == 2, what);
        Assert.Contains("refused", outcome.Error, StringComparison.Ordinal);
        Assert.Equal(2, folder.Tool("show", file).Code);
        Assert.Equal(2, folder.Tool("verify", file).Code);
    }

    [Fact]
    public void RefusesEveryRequestThatIsCutOffOrHasBytesAfterIt()
    {
        var der = folder.Beside("x.der");
        TestFolder.OpenSsl("req", "-in", folder.Request("x.csr", "/CN=alice", P256), "-outform", "DER", "-out", der);
        var whole = File.ReadAllBytes(der);
        for (var length = 0; length <= whole.Length + 1; length++)
        {
            if (length != whole.Length)
            {
                File.WriteAllBytes(der, [.. whole.Take(length), .. length > whole.Length ? new byte[1] : []]);
                Assert.Equal(2, folder.Tool("sign", der, "--as", "client").Code);
            }
        }
    }

    [Fact]
    public void RefusesEveryRequestWithAChangedByte()
    {
        var der = folder.Beside("x.der");
        TestFolder.OpenSsl("req", "-in", folder.Request("x.csr", "/CN=alice", P256, "-addext", "subjectAltName=DNS:alice"), "-outform", "DER", "-out", der);
        var whole = File.ReadAllBytes(der);
        for (var i = 0; i < whole.Length; i++)
        {
            byte[] changed = [.. whole];
            changed[i] ^= (byte)(i % 2 == 0 ? 0x01 : 0x80);
            File.WriteAllBytes(der, changed);
            var outcome = folder.Tool("sign", der, "--as", "client");
            Assert.True(outcome.Code == 2 && !outcome.Error.Contains("unexpected:", StringComparison.Ordinal), $"byte {i}: {outcome.Code} {outcome.All}");
        }
    }

    [Fact]
    public void ShowsOrRefusesEveryCertificateWithAChangedByte()
    {
        var der = folder.Beside("x.der");
        TestFolder.OpenSsl("x509", "-in", folder.In("server", "cert.pem"), "-outform", "DER", "-out", der);
        var whole = File.ReadAllBytes(der);
        for (var i = 0; i < whole.Length; i++)
        {
            byte[] changed = [.. whole];
            changed[i] ^= (byte)(i % 2 == 0 ? 0x01 : 0x80);
            File.WriteAllBytes(der, changed);
            Assert.True(folder.Tool("verify", der).Code is 1 or 2, $"byte {i} of a certificate");
            var shown = folder.Tool("show", der);
            Assert.True(shown.Code is 0 or 2 && !shown.Error.Contains("unexpected:", StringComparison.Ordinal), $"byte {i} of a certificate: {shown.All}");
        }
    }

    private static byte[] Nested(int depth)
    {
        List<byte> bytes = [];
        for (var i = 0; i < depth; i++)
        {
            byte[] length = bytes.Count < 128 ? [(byte)bytes.Count] : [0x82, (byte)(bytes.Count >> 8), (byte)bytes.Count];
            bytes.InsertRange(0, [0x30, .. length]);
        }

        return [.. bytes];
    }
}
