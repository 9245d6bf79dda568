using System.Xml;

namespace Gateway.Policy.Testing;

/// <summary>The outcomes as JUnit XML: one suite a file, one case a case, as CI systems read it.</summary>
internal static class JUnitFile
{
    public static void Write(string path, IReadOnlyList<CaseOutcome> outcomes)
    {
        // Whole or not at all: a report that stops in the middle reads like fewer tests.
        var beside = path + ".new";
        using (var xml = XmlWriter.Create(beside, new XmlWriterSettings { Indent = true, NewLineChars = "\n" }))
        {
            xml.WriteStartElement("testsuites");
            Count(xml, outcomes);
            foreach (var file in outcomes.GroupBy(outcome => outcome.File))
            {
                xml.WriteStartElement("testsuite");
                xml.WriteAttributeString("name", Path.GetFileName(file.Key));
                Count(xml, [.. file]);
                foreach (var outcome in file)
                {
                    Write(xml, outcome);
                }

                xml.WriteEndElement();
            }

            xml.WriteEndElement();
        }

        File.Move(beside, path, overwrite: true);
    }

    private static void Write(XmlWriter xml, CaseOutcome outcome)
    {
        xml.WriteStartElement("testcase");
        xml.WriteAttributeString("name", Clean(outcome.Case.Name));
        xml.WriteAttributeString("classname", Path.GetFileNameWithoutExtension(outcome.File));
        xml.WriteAttributeString("file", outcome.File);
        xml.WriteAttributeString("line", $"{outcome.Case.At.Line}");
        if (outcome.Problem is { } problem)
        {
            xml.WriteStartElement("failure");
            xml.WriteAttributeString("message", Clean(problem));
            xml.WriteString(Clean($"{outcome.Case.At}: {outcome.Case.Method} {outcome.Case.Target}: {problem}"));
            xml.WriteEndElement();
        }

        xml.WriteEndElement();
    }

    private static void Count(XmlWriter xml, IReadOnlyList<CaseOutcome> outcomes)
    {
        xml.WriteAttributeString("tests", $"{outcomes.Count}");
        xml.WriteAttributeString("failures", $"{outcomes.Count(outcome => outcome.Problem is not null)}");
    }

    // XML has no way to write most control characters.
    private static string Clean(string text) => new([.. text.Select(c => XmlConvert.IsXmlChar(c) ? c : '?')]);
}
