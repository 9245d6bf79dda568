using Gateway.Policy.Files;
using Gateway.Tests.Trust.Support;
using Gateway.Trust;
using Xunit;

namespace Gateway.Tests.Trust;

/// <summary>Each way in which files are exchanged is seen in their stats.</summary>
public sealed class FileFingerprintTests : IDisposable
{
    private readonly TrustFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void StaysTheSameWhileNothingHappens() => Assert.True(FileFingerprint.Of(folder.Files).SameAs(FileFingerprint.Of(folder.Files)));

    public static TheoryData<string> Changes => [.. ChangeCases.Keys];

    private static Dictionary<string, Action<TrustFolder>> ChangeCases { get; } = new()
    {
        ["rewritten with other bytes of the same length"] = f => { var bytes = File.ReadAllBytes(f.Path("crl.pem")); bytes[40] ^= 1; File.WriteAllBytes(f.Path("crl.pem"), bytes); },
        ["rewritten with its times set back"] = f => { var at = File.GetLastWriteTimeUtc(f.Path("ca.pem")); File.AppendAllText(f.Path("ca.pem"), ""); File.SetLastWriteTimeUtc(f.Path("ca.pem"), at); },
        ["replaced by rename"] = f => { File.Copy(f.Path("crl.pem"), f.Path("new")); File.Move(f.Path("new"), f.Path("crl.pem"), overwrite: true); },
        ["removed"] = f => File.Delete(f.Path("crl.pem")),
        ["a policy added"] = f => File.WriteAllText(f.Path("policies/more.yaml"), "version: 1\n"),
        ["a policy removed"] = f => File.Delete(f.Path("policies/users.yaml")),
        ["the policies' folder replaced"] = f => { Directory.Move(f.Path("policies"), f.Path("old")); Directory.CreateDirectory(f.Path("policies")); File.Copy(f.Path("old/users.yaml"), f.Path("policies/users.yaml")); },
        ["a link put in the place of the file"] = f => { File.Move(f.Path("key.pem"), f.Path("other")); File.Copy(f.Path("other"), f.Path("third")); File.CreateSymbolicLink(f.Path("key.pem"), f.Path("third")); },
    };

    [Theory]
    [MemberData(nameof(Changes))]
    public void DiffersAfterAFileWas(string change)
    {
        var before = FileFingerprint.Of(folder.Files);
        ChangeCases[change](folder);

        Assert.False(FileFingerprint.Of(folder.Files).SameAs(before));
    }

    [Fact]
    public void DiffersAfterTheSignatureOfThePoliciesWasWritten()
    {
        var signed = folder.Files with { PolicyOptions = folder.Files.PolicyOptions with { Signature = new PolicySignature(folder.Path("policies.sig"), null) } };
        var before = FileFingerprint.Of(signed);
        File.WriteAllText(folder.Path("policies.sig"), "");

        Assert.False(FileFingerprint.Of(signed).SameAs(before));
    }

    [Fact]
    public void DiffersAfterALinkWasSwapped()
    {
        File.Move(folder.Path("crl.pem"), folder.Path("one"));
        File.Copy(folder.Path("one"), folder.Path("two"));
        File.CreateSymbolicLink(folder.Path("crl.pem"), "one");
        var before = FileFingerprint.Of(folder.Files);
        File.CreateSymbolicLink(folder.Path("link"), "two");
        File.Move(folder.Path("link"), folder.Path("crl.pem"), overwrite: true);

        Assert.False(FileFingerprint.Of(folder.Files).SameAs(before));
    }
}
