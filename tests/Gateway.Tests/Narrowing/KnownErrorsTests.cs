using Gateway.Narrowing;
using Xunit;

namespace Gateway.Tests.Narrowing;

public sealed class KnownErrorsTests
{
    private const string Id = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";

    [Theory]
    [InlineData($"Conflict. The container name \"/web\" is already in use by container \"{Id}\". You have to remove (or rename) that container to be able to reuse that name.", "Conflict. The container name \"/web\" is already in use.")]
    [InlineData($"remove data: volume is in use - [{Id}]", "remove data: volume is in use")]
    [InlineData($"error while removing network: network net has active endpoints (name:\"theirs\" id:\"0123456789ab\")", "error while removing network: network net has active endpoints")]
    [InlineData("conflict: unable to remove repository reference \"x\" (must force) - container 0123456789ab is using its referenced image fedcba987654", "conflict: unable to remove repository reference \"x\" (must force) - the image is in use by a container")]
    [InlineData("conflict: unable to delete fedcba987654 (cannot be forced) - image is being used by running container 0123456789ab", "conflict: unable to delete fedcba987654 (cannot be forced) - the image is in use by a container")]
    [InlineData("invalid pool request: Pool overlaps with other one on this address space", "Pool overlaps with other one on this address space")]
    public void TakesOthersOut(string message, string left) => Assert.Equal(left, KnownErrors.Rewrite(message));

    [Theory]
    [InlineData("No such container: web")]
    [InlineData("conflict: unable to delete fedcba987654 (cannot be forced) - image has dependent child images")]
    public void LeavesOtherSentencesToTheLookAtTheirWords(string message) => Assert.Null(KnownErrors.Rewrite(message));
}
