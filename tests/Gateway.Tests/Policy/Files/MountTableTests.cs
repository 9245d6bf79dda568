using Gateway.Policy.Files.Values;
using Xunit;

namespace Gateway.Tests.Policy.Files;

public sealed class MountTableTests
{
    private static readonly MountTable Mounts = MountTable.Parse("""
        22 1 8:1 / / rw,relatime shared:1 - ext4 /dev/sda1 rw
        30 22 8:2 / /srv rw,nosuid,nodev,relatime shared:2 - ext4 /dev/sda2 rw
        31 30 8:3 / /srv/open rw,relatime - ext4 /dev/sda3 rw
        32 30 8:4 / /srv/half rw,nosuid,relatime - ext4 /dev/sda4 rw,nodev
        33 30 8:5 / /srv/over rw,nosuid,nodev - ext4 /dev/sda5 rw
        34 33 8:6 / /srv/over rw - ext4 /dev/sda6 rw
        35 30 8:7 / /srv/deep/inner rw - ext4 /dev/sda7 rw
        36 22 8:8 / /mnt/a\040b rw,nodev,nosuid - ext4 /dev/sda8 rw
        """);

    [Theory]
    [InlineData("/srv/data")]
    [InlineData("/srv/data/${user}")]
    [InlineData("/srv/opener")]
    [InlineData("/mnt/a b/c")]
    public void FindsHarmlessMounts(string source) => Assert.True(Mounts.IsNoSuidNoDev(source));

    [Theory]
    [InlineData("/")]
    [InlineData("/home/alice")]
    [InlineData("/srvdata")]
    [InlineData("/srv/open")]
    [InlineData("/srv/open/${user}")]
    [InlineData("/srv/half/x")]
    [InlineData("/srv/over/x")]
    public void FindsHarmfulMounts(string source) => Assert.False(Mounts.IsNoSuidNoDev(source));

    [Theory]
    [InlineData("/srv/deep")]
    [InlineData("/srv")]
    [InlineData("/srv/${user}")]
    [InlineData("/${user}")]
    public void CountsMountsBelowTheSource(string source) => Assert.False(Mounts.IsNoSuidNoDev(source));
}
