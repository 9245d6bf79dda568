using System.Security.Cryptography;
using Gateway.Policy.Commands;
using Gateway.Policy.Files;
using Gateway.Tests.Policy.Files.Support;
using Xunit;

namespace Gateway.Tests.Policy.Files;

/// <summary>A folder that somebody else can write to is no trust: only files that the key signed are a policy.</summary>
public sealed class PolicySignatureTests : IDisposable
{
    private const string Policy = "version: 1\nroles: {r: {rules: [{id: x, allow: [SystemPing]}]}}\n";
    private readonly PolicyDirectory folder = new();
    private readonly PolicyDirectory keys = new();

    public void Dispose()
    {
        folder.Dispose();
        keys.Dispose();
    }

    [Theory]
    [InlineData("ec")]
    [InlineData("rsa")]
    public void LoadsWhatTheKeySigned(string kind)
    {
        Sign(kind);

        Assert.Empty(Load().Errors);
    }

    [Theory]
    [InlineData("changed")]
    [InlineData("added")]
    [InlineData("removed")]
    [InlineData("renamed")]
    [InlineData("joined by a line break in a name")]
    [InlineData("signed by another key")]
    [InlineData("signature missing")]
    [InlineData("signature no base64")]
    [InlineData("key missing")]
    public void RefusesWhatIsNot(string how)
    {
        Sign("ec");
        switch (how)
        {
            case "changed":
                folder.Write("a.yaml", Policy.Replace("SystemPing", "SystemInfo", StringComparison.Ordinal));
                break;
            case "added":
                folder.Write("c.yaml", "version: 1\n");
                break;
            case "removed":
                File.Delete(Path.Combine(folder.Root, "b.yaml"));
                break;
            case "renamed":
                File.Move(Path.Combine(folder.Root, "b.yaml"), Path.Combine(folder.Root, "c.yaml"));
                break;
            case "joined by a line break in a name":
                var second = Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(Path.Combine(folder.Root, "b.yaml"))));
                File.Delete(Path.Combine(folder.Root, "b.yaml"));
                File.Move(Path.Combine(folder.Root, "a.yaml"), Path.Combine(folder.Root, $"a.yaml\n{second} b.yaml"));
                break;
            case "signed by another key":
                using (var other = ECDsa.Create(ECCurve.NamedCurves.nistP256))
                {
                    keys.Write("sign.pub", other.ExportSubjectPublicKeyInfoPem());
                }

                break;
            case "signature missing":
                File.Delete(Path.Combine(keys.Root, "policies.sig"));
                break;
            case "signature no base64":
                keys.Write("policies.sig", "%%%");
                break;
            default:
                File.Delete(Path.Combine(keys.Root, "sign.pub"));
                break;
        }

        var loaded = Load();

        Assert.Null(loaded.Policy);
        Assert.Contains(loaded.Errors, e => e.Message.Contains("sign", StringComparison.Ordinal));
    }

    [Fact]
    public void WarnsOfAFileThatOthersCanWrite()
    {
        var file = folder.Write("a.yaml", Policy);
        File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.OtherWrite);

        Assert.Contains(folder.Load().Warnings, w => w.StartsWith($"{file}: can be written by others", StringComparison.Ordinal));
    }

    [Fact]
    public void SignsNoInvalidPolicy()
    {
        folder.Write("a.yaml", "version: 2\n");
        using var output = new StringWriter();

        Assert.Equal(78, PolicySignCommand.Run(folder.Root, "none", PolicyDirectory.OrdinaryHost, output, output));
    }

    /// <summary>What serve would obey, others must not be able to write, unless it is signed.</summary>
    [Theory]
    [InlineData(UnixFileMode.GroupWrite)]
    [InlineData(UnixFileMode.OtherWrite)]
    public void RefusesToServeWhatOthersCanWriteUnlessItIsSigned(UnixFileMode more)
    {
        Sign("ec");
        var serve = PolicyDirectory.OrdinaryHost with { OthersMayWrite = false };
        Assert.Empty(folder.Load(serve).Errors);
        foreach (var path in (string[])[folder.Root, Path.Combine(folder.Root, "a.yaml")])
        {
            var mode = File.GetUnixFileMode(path);
            File.SetUnixFileMode(path, mode | more);
            Assert.Contains("can be written by others", Assert.Single(folder.Load(serve).Errors).Message, StringComparison.Ordinal);
            Assert.NotNull(Load().Policy);
            File.SetUnixFileMode(path, mode);
        }
    }

    private PolicyLoadResult Load() => folder.Load(PolicyDirectory.OrdinaryHost with
    {
        Signature = new PolicySignature(Path.Combine(keys.Root, "policies.sig"), Path.Combine(keys.Root, "sign.pub")),
    });

    private void Sign(string kind)
    {
        folder.Write("a.yaml", Policy);
        folder.Write("b.yaml", "version: 1\n");
        using var ec = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var rsa = RSA.Create(2048);
        var key = keys.Write("sign.key", kind == "ec" ? ec.ExportPkcs8PrivateKeyPem() : rsa.ExportPkcs8PrivateKeyPem());
        keys.Write("sign.pub", kind == "ec" ? ec.ExportSubjectPublicKeyInfoPem() : rsa.ExportSubjectPublicKeyInfoPem());
        using var output = new StringWriter();
        Assert.Equal(0, PolicySignCommand.Run(folder.Root, key, PolicyDirectory.OrdinaryHost, output, output));
        keys.Write("policies.sig", output.ToString());
    }
}
