namespace Gateway.Policy.Reach.Reports;

using static ReportWords;

/// <summary>The report for a terminal of 80 columns.</summary>
internal static class TextReport
{
    private const int Width = 80;

    public static void Write(AuditReport report, TextWriter output)
    {
        Paragraph(output, $"{report.Folder}: {Summary(report)}", 0);
        if (!report.HostWasAsked)
        {
            Paragraph(output, "Judged by the files alone: sockets, mounts and owners of folders were not looked at.", 0);
        }

        Heading(output, "Who reaches what");
        foreach (var user in report.Users)
        {
            Paragraph(output, $"{user.Name}: {Of(user.Extent)} (roles {(user.Roles.Count == 0 ? "none" : string.Join(", ", user.Roles))}){(user.Certificate.Length > 0 ? $"; certificate: {user.Certificate}" : "")}", 2);
            foreach (var way in user.Ways.Where(w => w.Extent == user.Extent))
            {
                Paragraph(output, $"by role {way.Role}: {way.Title}", 6);
            }
        }

        foreach (var weight in new[] { Weight.Error, Weight.Warning, Weight.Note })
        {
            Findings(report, weight, output);
        }

        Heading(output, "Pod Security Standards");
        foreach (var role in report.Roles)
        {
            Paragraph(output, $"{role.Role.Name}: baseline {Kept(role.PodSecurity, c => c.Baseline)}; restricted {Kept(role.PodSecurity, c => c.Restricted)}", 2);
        }
    }

    private static void Findings(AuditReport report, Weight weight, TextWriter output)
    {
        var found = report.Findings.Where(f => f.Weight == weight).ToList();
        if (found.Count == 0)
        {
            return;
        }

        Heading(output, weight switch { Weight.Error => "Errors", Weight.Warning => "Warnings", _ => "Notes" });
        foreach (var finding in found)
        {
            var who = finding.Role is { } role ? $"role {role}: " : "";
            Paragraph(output, $"{finding.At?.ToString() ?? report.Folder}: {who}{finding.Title}", 2);
            Paragraph(output, $"[{finding.Kind}] reaches {Of(finding.Extent)}{(Accepted(finding) is { Length: > 0 } accepted ? $"; {accepted}" : "")}", 6);
            if (weight != Weight.Note)
            {
                Paragraph(output, "how: " + finding.How, 6);
                if (finding.Needs is { } needs)
                {
                    Paragraph(output, "needs: " + needs, 6);
                }

                Paragraph(output, "fix: " + finding.Fix, 6);
            }
        }
    }

    private static string Kept(IReadOnlyList<PodSecurityControl> controls, Func<PodSecurityControl, bool?> profile)
    {
        var broken = controls.Where(c => profile(c) == false).Select(c => c.Name).ToList();
        return broken.Count == 0 ? "kept" : $"not kept: {string.Join(", ", broken)}";
    }

    private static void Heading(TextWriter output, string text)
    {
        output.WriteLine();
        output.WriteLine(text);
        output.WriteLine(new string('-', text.Length));
    }

    private static void Paragraph(TextWriter output, string text, int indent)
    {
        var line = new string(' ', indent);
        var empty = true;
        foreach (var word in text.Split(' '))
        {
            if (!empty && line.Length + 1 + word.Length > Width)
            {
                output.WriteLine(line);
                (line, empty) = (new string(' ', indent + 2), true);
            }

            line += empty ? word : " " + word;
            empty = false;
        }

        output.WriteLine(line);
    }
}
