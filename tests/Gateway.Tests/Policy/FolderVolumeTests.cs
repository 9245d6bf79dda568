using System.Text.Json;
using Gateway.Policy;
using Xunit;

namespace Gateway.Tests.Policy;

/// <summary>The volume that stands for a granted folder: one name for each folder, and nothing taken for it that is not exactly it (Rule B5; I20).</summary>
public sealed class FolderVolumeTests
{
    [Theory]
    [InlineData("/srv/data/alice", "gateway-folder.srv.data.alice")]
    [InlineData("/srv/data.d/a_b", "gateway-folder.srv.data_2ed.a_5fb")]
    [InlineData("/srv/Ünicode x", "gateway-folder.srv._c3_9cnicode_20x")]
    public void NamesEachFolderAndFindsItAgain(string folder, string name)
    {
        Assert.Equal(name, FolderVolume.NameOf(folder));
        Assert.Equal(folder, FolderVolume.FolderOf(name));
        Assert.True(Gateway.EngineApi.ObjectName.IsValid(name));
    }

    [Theory]
    [InlineData("gateway-folder.srv._2E")]
    [InlineData("gateway-folder.srv._61")]
    [InlineData("gateway-folder.srv._6")]
    [InlineData("gateway-folder.srv._zz")]
    [InlineData("gateway-folder.srv._ff")]
    [InlineData("gateway-folders")]
    [InlineData("data")]
    public void FindsNoFolderByAnotherName(string name) => Assert.Null(FolderVolume.FolderOf(name));

    [Theory]
    [InlineData("""{"Driver":"local","Options":{"type":"none","o":"bind","device":"/srv/a"},"Labels":{"gateway.folder":"/srv/a"},"Scope":"local"}""", true)]
    [InlineData("""{"Driver":"local","Options":{"type":"none","o":"bind","device":"/srv/b"},"Labels":{"gateway.folder":"/srv/a"}}""", false)]
    [InlineData("""{"Driver":"local","Options":{"type":"none","o":"bind","device":"/srv/a/"},"Labels":{"gateway.folder":"/srv/a"}}""", false)]
    [InlineData("""{"Driver":"local","Options":{"type":"none","o":"rbind","device":"/srv/a"},"Labels":{"gateway.folder":"/srv/a"}}""", false)]
    [InlineData("""{"Driver":"local","Options":{"type":"nfs","o":"bind","device":"/srv/a"},"Labels":{"gateway.folder":"/srv/a"}}""", false)]
    [InlineData("""{"Driver":"local","Options":{"type":"none","o":"bind","device":"/srv/a","size":"1"},"Labels":{"gateway.folder":"/srv/a"}}""", false)]
    [InlineData("""{"Driver":"plugin","Options":{"type":"none","o":"bind","device":"/srv/a"},"Labels":{"gateway.folder":"/srv/a"}}""", false)]
    [InlineData("""{"Driver":"local","Options":{"type":"none","o":"bind","device":"/srv/a"},"Labels":{"gateway.folder":"/srv/a","gateway.owner":"bob"}}""", false)]
    [InlineData("""{"Driver":"local","Options":{"type":"none","o":"bind","device":"/srv/a"},"Labels":null}""", false)]
    [InlineData("""{"Driver":"local","Options":null,"Labels":{"gateway.folder":"/srv/a"}}""", false)]
    public void TakesOnlyExactlyItsOwn(string volume, bool own)
    {
        using var document = JsonDocument.Parse(volume);
        Assert.Equal(own, FolderVolume.ProblemOf("/srv/a", document.RootElement) is null);
    }

    [Fact]
    public void HasNoNameThatIsTooLongForAFileSystem()
    {
        Assert.Null(FolderVolume.ProblemOf("/" + new string('a', 200)));
        Assert.Contains("too long", FolderVolume.ProblemOf("/" + new string('_', 100)), StringComparison.Ordinal);
    }
}
