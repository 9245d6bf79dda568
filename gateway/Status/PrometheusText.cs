using System.Globalization;
using System.Text;

namespace Gateway.Status;

/// <summary>Metrics in Prometheus' text format (version 0.0.4): no user, name or address of anybody is in it.</summary>
internal sealed class PrometheusText
{
    public const string ContentType = "text/plain; version=0.0.4; charset=utf-8";
    private readonly StringBuilder text = new();

    public PrometheusText Add(string name, string kind, string help, double value) => Add(name, kind, help, [("", value)]);

    /// <param name="samples">Labels as <see cref="Label"/> writes them, and the value.</param>
    public PrometheusText Add(string name, string kind, string help, IEnumerable<(string Labels, double Value)> samples)
    {
        text.Append(CultureInfo.InvariantCulture, $"# HELP {name} {help}\n# TYPE {name} {kind}\n");
        foreach (var (labels, value) in samples)
        {
            text.Append(CultureInfo.InvariantCulture, $"{name}{(labels.Length > 0 ? $"{{{labels}}}" : "")} {value}\n");
        }

        return this;
    }

    public static string Label(string name, string value) =>
        $"{name}=\"{value.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal).Replace("\n", "\\n", StringComparison.Ordinal)}\"";

    public override string ToString() => text.ToString();
}
