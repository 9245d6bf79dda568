using Gateway.Status;
using Xunit;

namespace Gateway.Tests.Status;

/// <summary>Prometheus' text format, version 0.0.4.</summary>
public class PrometheusTextTests
{
    [Fact]
    public void WritesHelpTypeAndSamples() => Assert.Equal(
        "# HELP a_total Things.\n# TYPE a_total counter\na_total{operation=\"SystemPing\"} 2\n# HELP up Up.\n# TYPE up gauge\nup 1\n",
        new PrometheusText().Add("a_total", "counter", "Things.", [(PrometheusText.Label("operation", "SystemPing"), 2)]).Add("up", "gauge", "Up.", 1).ToString());

    [Theory]
    [InlineData("a\"b", "n=\"a\\\"b\"")]
    [InlineData("a\\b", "n=\"a\\\\b\"")]
    [InlineData("a\nb", "n=\"a\\nb\"")]
    public void EscapesLabels(string value, string written) => Assert.Equal(written, PrometheusText.Label("n", value));
}
