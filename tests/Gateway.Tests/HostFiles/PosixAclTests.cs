using Gateway.HostFiles;
using Xunit;

namespace Gateway.Tests.HostFiles;

public sealed class PosixAclTests
{
    private const string Header = "02000000";
    private const string RootRwx = "01000700ffffffff";
    private const string GroupRx = "04000500ffffffff";
    private const string OtherRx = "20000500ffffffff";

    [Theory]
    [InlineData("")]
    [InlineData(Header + RootRwx + GroupRx + OtherRx)]
    [InlineData(Header + RootRwx + "02000700" + "00000000" + GroupRx + OtherRx)] // user:0:rwx
    [InlineData(Header + RootRwx + "02000500" + "e8030000" + GroupRx + "10000700ffffffff" + OtherRx)] // user:1000:r-x, mask::rwx
    public void AcceptsListsOfRootAlone(string list) => Assert.False(PosixAcl.LetsOthersWrite(Convert.FromHexString(list)));

    [Theory]
    [InlineData(Header + RootRwx + "02000700" + "e8030000" + GroupRx + "10000700ffffffff" + OtherRx)] // user:1000:rwx
    [InlineData(Header + RootRwx + "02000700" + "e8030000" + GroupRx + "10000500ffffffff" + OtherRx)] // masked now, widened by a chmod
    [InlineData(Header + RootRwx + GroupRx + "08000200" + "e8030000" + OtherRx)] // group:1000:-w-
    [InlineData(Header + RootRwx + "04000700ffffffff" + OtherRx)]
    [InlineData(Header + RootRwx + GroupRx + "20000200ffffffff")]
    [InlineData("03000000" + RootRwx)] // a version that is not known
    [InlineData("0200")]
    [InlineData(Header + "0100")]
    public void FindsWriteForOthers(string list) => Assert.True(PosixAcl.LetsOthersWrite(Convert.FromHexString(list)));
}
