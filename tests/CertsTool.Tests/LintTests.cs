using CertsTool.Tests.Support;
using Xunit;

namespace CertsTool.Tests;

/// <summary>What <c>verify FILE</c> and <c>show FILE</c> find in certificates of others, made with openssl.</summary>
public sealed class LintTests : IDisposable
{
    private readonly TestFolder folder = new();

    public LintTests() => folder.Must("init", "--host", "localhost", "--client", "alice");

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData("e_serial_number_not_positive", "-set_serial 0", "extendedKeyUsage=clientAuth")]
    [InlineData("e_serial_number_longer_than_20_octets", "-set_serial 0x800000000000000000000000000000000000000000", "extendedKeyUsage=clientAuth")]
    [InlineData("e_sub_cert_eku_missing", "", "keyUsage=digitalSignature")]
    [InlineData("w_sub_cert_eku_extra_values", "", "extendedKeyUsage=clientAuth,serverAuth")]
    [InlineData("e_ext_authority_key_identifier_missing", "", "authorityKeyIdentifier=none\nextendedKeyUsage=clientAuth")]
    [InlineData("w_ext_subject_key_identifier_missing_sub_cert", "", "subjectKeyIdentifier=none\nextendedKeyUsage=clientAuth")]
    [InlineData("e_sub_cert_key_usage_cert_sign_bit_set", "", "keyUsage=digitalSignature,keyCertSign\nextendedKeyUsage=clientAuth")]
    [InlineData("e_ext_san_missing", "", "extendedKeyUsage=serverAuth")]
    [InlineData("e_subject_common_name_not_from_san", "", "extendedKeyUsage=serverAuth\nsubjectAltName=DNS:other")]
    [InlineData("w_tls_server_cert_valid_time_longer_than_397_days", "-days 500", "extendedKeyUsage=serverAuth\nsubjectAltName=DNS:mallory")]
    [InlineData("leaf_outlives_ca", "-days 4000", "extendedKeyUsage=clientAuth")]
    [InlineData("e_sub_cert_or_sub_ca_using_sha1", "-sha1", "extendedKeyUsage=clientAuth")]
    [InlineData("e_invalid_certificate_version", "", "")]
    public void NamesTheRule(string rule, string options, string extensions)
    {
        var file = Signed("/CN=mallory", ["-newkey", "rsa:2048"], options, extensions);

        var outcome = folder.Tool("verify", file);

        Assert.Equal(1, outcome.Code);
        Assert.Contains(rule + ":", outcome.Output, StringComparison.Ordinal);
        Assert.Contains(rule + ":", folder.Tool("show", file).Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("e_rsa_mod_less_than_2048_bits", "-newkey rsa:1024")]
    [InlineData("key_not_usable", "-newkey ed25519")]
    [InlineData("e_ec_improper_curves", "-newkey ec -pkeyopt ec_paramgen_curve:P-521")]
    [InlineData("w_rsa_public_exponent_not_in_range", "-newkey rsa:2048 -pkeyopt rsa_keygen_pubexp:3")]
    public void NamesTheRuleOfAKey(string rule, string key) =>
        Assert.Contains(rule + ":", folder.Tool("verify", Signed("/CN=mallory", key.Split(' '), "", "extendedKeyUsage=clientAuth")).Output, StringComparison.Ordinal);

    [Fact]
    public void FindsAStranger()
    {
        var file = folder.Beside("stranger.pem");
        TestFolder.OpenSsl("req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-subj", "/CN=docker-gateway CA", "-keyout", folder.Beside("k"), "-out", file);

        Assert.Contains("chain:", folder.Tool("verify", file).Output, StringComparison.Ordinal);
    }

    [Fact]
    public void SaysWhenWhatItIsGivenWasRevoked()
    {
        folder.Must("revoke", "alice", "--reason", "superseded");

        var outcome = folder.Tool("verify", folder.In("clients", "alice", "cert.pem"));

        Assert.Equal(1, outcome.Code);
        Assert.Contains("(superseded)", outcome.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void ShowsNoControlCharactersOfASubject()
    {
        var file = folder.Beside("evil.pem");
        TestFolder.OpenSsl("req", "-x509", "-utf8", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-subj", "/CN=a\e]0;owned\a\u202e", "-keyout", folder.Beside("k"), "-out", file);

        var shown = folder.Tool("show", file).Output;

        Assert.Contains("owned", shown, StringComparison.Ordinal);
        Assert.DoesNotContain(shown, c => c is '\e' or '\a' or '\u202e');
    }

    private string Signed(string subject, string[] key, string options, string extensions)
    {
        var request = folder.Request("x.csr", subject, key);
        var file = folder.Beside("x.pem");
        File.WriteAllText(folder.Beside("ext"), $"basicConstraints=critical,CA:FALSE\n{extensions}\n");
        string[] all = ["x509", "-req", "-in", request, "-CA", folder.In("ca.pem"), "-CAkey", folder.In("ca-key.pem"), "-out", file, .. options.Split(' ', StringSplitOptions.RemoveEmptyEntries)];
        var made = TestFolder.OpenSsl(extensions.Length == 0 ? all : [.. all, "-extfile", folder.Beside("ext")]);
        return made.Code == 0 ? file : throw new InvalidOperationException(made.Error);
    }
}
