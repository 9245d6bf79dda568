using System.Net;

namespace Gateway.Policy.Reach.Reports;

using static ReportWords;

/// <summary>The report as one HTML page: who reaches what, each way there, and the profiles. All text of the policies is escaped. The roles keep the tables tables where a narrow screen stacks their rows.</summary>
internal static class HtmlReport
{
    public static void Write(AuditReport report, TextWriter output)
    {
        output.Write($"""
            <!DOCTYPE html>
            <html lang="en">
            <head>
            <meta charset="utf-8">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <meta http-equiv="Content-Security-Policy" content="{HtmlPage.SecurityPolicy}">
            <title>Policy audit: {Text(report.Folder)}</title>
            <style>{HtmlPage.Style}</style>
            </head>
            <body>
            <a class="skip" href="#main">Skip to the report</a>
            <header>
            <h1>Who can become root on this host, and how</h1>
            <p>{Text(Summary(report))}.</p>
            <p class="soft">Policies: <code>{Text(report.Folder)}</code>. {(report.HostWasAsked ? "Folders, sockets and mounts were looked at on the host that the report was made on." : "Judged by the files alone; sockets, mounts and owners of folders were not looked at.")}</p>
            <nav aria-label="Sections"><a href="#users">Users</a> · <a href="#findings">Findings</a> · <a href="#roles">Roles</a> · <a href="#profiles">Pod Security</a></nav>
            <form id="search" role="search" hidden><label for="find">Search users, findings and roles</label><input id="find" type="search" autocomplete="off"><p id="found" class="soft" role="status"></p></form>
            </header>
            <main id="main">

            """);
        Users(report, output);
        Findings(report, output);
        Roles(report, output);
        Profiles(report, output);
        output.Write($"</main>\n<footer><p class=\"soft\">Made by gateway policy audit. Levels: errors and warnings make the audit fail, notes do not.</p></footer>\n<script>{HtmlPage.Script}</script>\n</body>\n</html>\n");
    }

    private static void Users(AuditReport report, TextWriter output)
    {
        output.Write("""
            <section aria-labelledby="users"><h2 id="users">Users by what they can reach</h2>
            <table role="table"><caption>Everybody who holds a role, the furthest reach first</caption>
            <thead role="rowgroup"><tr role="row"><th scope="col" role="columnheader">User</th><th scope="col" role="columnheader">Reaches</th><th scope="col" role="columnheader">By</th></tr></thead><tbody role="rowgroup">

            """);
        foreach (var user in report.Users)
        {
            output.Write($"<tr role=\"row\" data-find><th scope=\"row\" role=\"rowheader\">{Text(user.Name)}<br><span class=\"soft\">{(user.Roles.Count == 0 ? "no role" : Text(string.Join(", ", user.Roles)))}{(user.Certificate.Length > 0 ? $"<br>certificate: {Text(user.Certificate)}" : "")}</span></th><td role=\"cell\">{Tag(user.Extent)}</td><td role=\"cell\">");
            if (user.Ways.Count > 0)
            {
                output.Write($"<ul>{string.Concat(user.Ways.Select(way => $"<li><span class=\"{Class(way.Extent)}\">{Text(Of(way.Extent))}</span>, by role {Text(way.Role!)}: {Text(way.Title)}</li>"))}</ul>");
            }

            output.Write($"<details><summary>{Count(user.Operations.Count, "operation")}, {Count(user.Grants.Count, "grant")}</summary><p>{Text(string.Join(", ", user.Operations))}</p><ul>{string.Concat(user.Grants.Select(grant => $"<li>{Text(grant)}</li>"))}</ul></details></td></tr>\n");
        }

        output.Write("</tbody></table></section>\n");
    }

    private static void Findings(AuditReport report, TextWriter output)
    {
        output.Write($"<section aria-labelledby=\"findings\"><h2 id=\"findings\">Findings</h2>\n{(report.Findings.Count == 0 ? "<p>None.</p>" : "")}");
        foreach (var finding in report.Findings)
        {
            output.Write($"""
                <article data-find class="{Of(finding.Weight)}">
                <h3><span class="tag {(finding.Weight == Weight.Error ? "root" : finding.Weight == Weight.Warning ? "host" : "own")}">{Of(finding.Weight)}</span> {(finding.Role is { } role ? $"Role {Text(role)}: " : "")}{Text(finding.Title)}</h3>
                <p class="soft"><code>{Text(finding.At?.ToString() ?? report.Folder)}</code> · {Text(finding.Kind)} · reaches {Text(Of(finding.Extent))}{(Accepted(finding) is { Length: > 0 } accepted ? " · " + Text(accepted) : "")}</p>
                <dl><dt>How</dt><dd>{Text(finding.How)}</dd>{(finding.Needs is { } needs ? $"<dt>Needs</dt><dd>{Text(needs)}</dd>" : "")}<dt>Fix</dt><dd>{Text(finding.Fix)}</dd></dl>
                </article>

                """);
        }

        output.Write("</section>\n");
    }

    private static void Roles(AuditReport report, TextWriter output)
    {
        output.Write("""
            <section aria-labelledby="roles"><h2 id="roles">Roles</h2>
            <table role="table"><caption>Every role, what it reaches and who has it</caption>
            <thead role="rowgroup"><tr role="row"><th scope="col" role="columnheader">Role</th><th scope="col" role="columnheader">Reaches</th><th scope="col" role="columnheader">Held by</th></tr></thead><tbody role="rowgroup">

            """);
        foreach (var role in report.Roles)
        {
            var mark = (role.ReachesRoot, role.Role.RootEquivalent) switch
            {
                (true, true) => "says so",
                (true, false) => "does not say so",
                _ => "",
            };
            output.Write($"<tr role=\"row\" data-find><th scope=\"row\" role=\"rowheader\">{Text(role.Role.Name)}<br><span class=\"soft\">{Text(role.Role.About ?? "")}</span></th><td role=\"cell\">{Tag(role.Extent)}{(mark.Length > 0 ? $"<br>{mark}" : "")}</td><td role=\"cell\">{(role.Users.Count == 0 ? "nobody" : Text(string.Join(", ", role.Users)))}<br><code class=\"soft\">{Text(role.At?.ToString() ?? "")}</code></td></tr>\n");
        }

        output.Write("</tbody></table></section>\n");
    }

    private static void Profiles(AuditReport report, TextWriter output)
    {
        output.Write("<section aria-labelledby=\"profiles\"><h2 id=\"profiles\">Beside the Pod Security Standards</h2>\n<p>The worst container that each role may ask for, against the baseline and restricted profiles.</p>\n");
        foreach (var role in report.Roles)
        {
            var (baseline, restricted) = (role.PodSecurity.Count(c => c.Baseline == false), role.PodSecurity.Count(c => c.Restricted == false));
            output.Write($"<details data-find><summary>{Text(role.Role.Name)}: baseline {(baseline == 0 ? "kept" : $"not kept in {Count(baseline, "control")}")}, restricted {(restricted == 0 ? "kept" : $"not kept in {Count(restricted, "control")}")}</summary>\n<table role=\"table\"><caption>Role {Text(role.Role.Name)}, control by control</caption><thead role=\"rowgroup\"><tr role=\"row\"><th scope=\"col\" role=\"columnheader\">Control</th><th scope=\"col\" role=\"columnheader\">Baseline</th><th scope=\"col\" role=\"columnheader\">Restricted</th><th scope=\"col\" role=\"columnheader\">Why</th></tr></thead><tbody role=\"rowgroup\">\n");
            foreach (var control in role.PodSecurity)
            {
                output.Write($"<tr role=\"row\"><th scope=\"row\" role=\"rowheader\">{Text(control.Name)}<br><code class=\"soft\">{Text(control.Field)}</code></th><td role=\"cell\" data-label=\"Baseline\">{Kept(control.Baseline)}</td><td role=\"cell\" data-label=\"Restricted\">{Kept(control.Restricted)}</td><td role=\"cell\">{Text(control.Why)}</td></tr>\n");
            }

            output.Write("</tbody></table></details>\n");
        }

        output.Write("</section>\n");
    }

    private static string Kept(bool? kept) => kept switch { true => "<span class=\"own\">yes</span>", false => "<strong class=\"root\">no</strong>", null => "<span class=\"soft\">no rule</span>" };

    private static string Tag(Extent extent) => $"<span class=\"tag {Class(extent)}\">{Of(extent)}</span>";

    private static string Class(Extent extent) => extent switch { Extent.Root => "root", Extent.Host => "host", Extent.Others => "others", _ => "own" };

    private static string Text(string text) => WebUtility.HtmlEncode(text);
}
