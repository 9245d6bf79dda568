namespace Gateway.Policy.Reach.Reports;

/// <summary>The words that every form of the report uses.</summary>
internal static class ReportWords
{
    public static string Of(Extent extent) => extent switch
    {
        Extent.Root => "root on the host",
        Extent.Host => "parts of the host",
        Extent.Others => "others' objects",
        _ => "own objects",
    };

    public static string Of(Weight weight) => weight switch
    {
        Weight.Error => "error",
        Weight.Warning => "warning",
        _ => "note",
    };

    public static string Count(int count, string thing) => count == 1 ? $"1 {thing}" : $"{count} {thing}s";

    public static string Summary(AuditReport report)
    {
        var hidden = report.Roles.Count(r => r is { ReachesRoot: true, Role.RootEquivalent: false });
        return $"{Count(report.Roles.Count, "role")}, {Count(report.Users.Count, "user")}: "
            + (hidden == 0 ? "no role reaches root on the host without saying so" : $"{Count(hidden, "role")} {(hidden == 1 ? "reaches" : "reach")} root on the host without saying so")
            + $"; {Count(report.Errors, "error")}, {Count(report.Warnings, "warning")}";
    }

    public static string Accepted(Finding finding) => finding is { Accepted: true, Extent: Extent.Root } ? "the role says root-equivalent: true" : "";
}
