using System.Text.Json.Serialization;

namespace Gateway.EngineApi.Documents;

/// <summary>The JSON form of a <c>platform</c> parameter: OCI image-spec <c>Platform</c>.</summary>
internal sealed class PlatformDocument
{
    [JsonPropertyName("architecture")]
    public string? Architecture { get; set; }

    [JsonPropertyName("os")]
    public string? Os { get; set; }

    [JsonPropertyName("os.version")]
    public string? OsVersion { get; set; }

    [JsonPropertyName("os.features")]
    public List<string>? OsFeatures { get; set; }

    [JsonPropertyName("variant")]
    public string? Variant { get; set; }
}

/// <summary>One of the <c>outputs</c> of ImageBuild: an exporter of BuildKit.</summary>
internal sealed class BuildOutput
{
    public string? Type { get; set; }

    public Dictionary<string, string>? Attrs { get; set; }
}
