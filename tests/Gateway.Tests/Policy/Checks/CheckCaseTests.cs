using Gateway.EngineApi;
using Gateway.Policy;
using Gateway.Policy.Checks;
using Gateway.Tests.Policy.Checks.Support;
using Xunit;

namespace Gateway.Tests.Policy.Checks;

/// <summary>Every check against its two tables: what it lets through, and what it does not.</summary>
public sealed class CheckCaseTests
{
    // These only write under the cases' role: a request that they could refuse is refused as it is read, on its way, or for rules about labels.
    internal static readonly string[] NeverDeny = ["exec-container", "commit-image", "prune-filters", "archive", "no-device-nodes", "build-credentials"];

    private static readonly Dictionary<string, CheckCase> AllowedByName = AllowedCases.All.ToDictionary(c => c.ToString());

    private static readonly Dictionary<string, CheckCase> DeniedByName = DeniedCases.All.ToDictionary(c => $"{c} names {c.Field}");

    public static TheoryData<string> Allowed => [.. AllowedByName.Keys];

    public static TheoryData<string> Denied => [.. DeniedByName.Keys];

    [Theory]
    [MemberData(nameof(Allowed))]
    public void Allows(string name)
    {
        var tried = AllowedByName[name];
        var (decision, body, query) = CheckRun.Of(tried);
        Assert.True(decision.Allowed, decision.Detail);
        if (tried.Forwarded is { } part)
        {
            Assert.Contains(part, body + query, StringComparison.Ordinal);
        }
    }

    [Theory]
    [MemberData(nameof(Denied))]
    public void Denies(string name)
    {
        var tried = DeniedByName[name];
        var decision = CheckRun.Of(tried).Decision;
        Assert.False(decision.Allowed);
        if (decision.Reason == DenyReason.NotFound)
        {
            Assert.Equal("", tried.Field);
            // A create's 404 would have its client pull the image.
            Assert.Equal(tried.Operation == "ContainerCreate" && decision.Missing!.Kind != ObjectKind.Image ? 400 : 404, decision.Status);
        }
        else
        {
            Assert.Equal([tried.Field!], decision.Fields);
            Assert.True(decision.Reason is DenyReason.NotGranted or DenyReason.MalformedRequest or DenyReason.Conflict, $"{decision.Reason}");
        }
    }

    [Fact]
    public void HasAnAllowedAndADeniedCaseForEveryCheck()
    {
        // A target that ends with a slash is refused as it is read.
        var checks = CheckCatalogue.All.Where(o => o.Operation.Name != "NetworkListSlash").SelectMany(o => o.Checks.Select(c => (o.Operation.Name, c.Id))).ToList();
        var allowed = AllowedCases.All.Select(c => (c.Operation, c.Check)).ToHashSet();
        var denied = DeniedCases.All.Select(c => (c.Operation, c.Check)).ToHashSet();
        Assert.Equal("", string.Join(", ", checks.Where(c => !allowed.Contains(c)).Select(c => $"{c.Name} {c.Id} has no allowed case")));
        Assert.Equal("", string.Join(", ", checks.Where(c => !denied.Contains(c) && !NeverDeny.Contains(c.Id)).Select(c => $"{c.Name} {c.Id} has no denied case")));
        Assert.Equal("", string.Join(", ", allowed.Concat(denied).Where(c => !checks.Contains(c)).Select(c => $"{c.Operation} {c.Check} is no check")));
    }

    /// <summary>Whoever is root on the host anyway is not kept from anything that has one meaning.</summary>
    [Fact]
    public void LimitsNobodyWhoIsRootEquivalentWithoutGrants()
    {
        var refused = DeniedCases.All
            .Where(c => c.Operation is "ContainerCreate" && c.Check is "privileged" or "capabilities" or "devices" or "sysctls" or "binds" or "publish" or "log-drivers" or "runtimes")
            .Select(c => (Case: c, CheckRun.Of(c, unlimited: true).Decision))
            .Where(c => c.Decision is { Allowed: false, Reason: DenyReason.NotGranted });
        Assert.Equal("", string.Join("; ", refused.Select(c => $"{c.Case}: {c.Decision.Detail}")));
    }
}
