using Gateway.Policy.Checks;
using Gateway.Tests.Policy.Checks.Support;
using Xunit;

namespace Gateway.Tests.Policy.Checks;

/// <summary>Each check is needed: the tables hold something that it alone stops, or writes, and that comes through where only it is left out.</summary>
public sealed class EachCheckTests
{
    // What these change is no text: something is left out, or done on the way.
    private static readonly string[] LeaveOut = ["archive", "build-credentials", "build", "storage", "network-driver"];

    /// <summary>As operation and check. A target that ends with a slash is refused as it is read.</summary>
    public static TheoryData<string, string> All => Pairs(_ => true);

    public static TheoryData<string, string> ForEveryone => Pairs(check => check.ForEveryone);

    [Theory]
    [MemberData(nameof(All))]
    public void AloneStopsOrWritesSomething(string operation, string check) =>
        Assert.Contains(CasesOf(operation, check), tried => IsNeeded(tried, check, unlimited: false, CheckCaseTests.NeverDeny.Contains(check)));

    /// <summary>What holds for a role without limits too is still needed there.</summary>
    [Theory]
    [MemberData(nameof(ForEveryone))]
    public void AloneStopsOrWritesSomethingForARoleWithoutLimits(string operation, string check) =>
        Assert.Contains(CasesOf(operation, check), tried => IsNeeded(tried, check, unlimited: true, CheckCaseTests.NeverDeny.Contains(check)) || IsNeeded(tried, check, unlimited: true, true));

    /// <summary>Where a check writes something into what is forwarded, a case says so, in words that only it writes.</summary>
    [Theory]
    [MemberData(nameof(All))]
    public void SaysWhatItWrites(string operation, string check)
    {
        var written = CasesOf(operation, check).Where(tried => !LeaveOut.Contains(check) && tried.Field is null && IsNeeded(tried, check, unlimited: false, writes: true)).ToList();
        Assert.True(
            written.Count == 0 || written.Exists(tried => tried.Forwarded is { } part && !WithoutCheck.Of(tried, check).Forwarded.Contains(part, StringComparison.Ordinal)),
            string.Join("\n", written.Select(tried => $"{tried}: {WithoutCheck.Of(tried, null).Forwarded} and not {WithoutCheck.Of(tried, check).Forwarded}")));
    }

    /// <summary>A refused case comes through without the check; of a check that never refuses, something else is forwarded.</summary>
    private static bool IsNeeded(CheckCase tried, string check, bool unlimited, bool writes)
    {
        var with = WithoutCheck.Of(tried, null, unlimited);
        var without = WithoutCheck.Of(tried, check, unlimited);
        return writes ? !with.Refused && with.Forwarded != without.Forwarded : with.Refused && !without.Refused;
    }

    private static IEnumerable<CheckCase> CasesOf(string operation, string check) =>
        DeniedCases.All.Concat(AllowedCases.All).Where(tried => tried.Operation == operation && tried.Check == check);

    private static TheoryData<string, string> Pairs(Func<Check, bool> wanted)
    {
        var pairs = new TheoryData<string, string>();
        foreach (var checks in CheckCatalogue.All.Where(checks => checks.Operation.Name != "NetworkListSlash"))
        {
            foreach (var check in checks.Checks.Where(wanted))
            {
                pairs.Add(checks.Operation.Name, check.Id);
            }
        }

        return pairs;
    }
}
