using System.Text.Json.Serialization;

namespace Gateway.EngineApi.Documents;

/// <summary>The body of SystemAuth: moby <c>api/types/registry.AuthConfig</c>. Never logged.</summary>
internal sealed class AuthBody
{
    [JsonPropertyName("username")]
    public string? UserName { get; set; }

    [JsonPropertyName("password")]
    public string? Password { get; set; }

    [JsonPropertyName("auth")]
    public string? Auth { get; set; }

    [JsonPropertyName("email")]
    public string? Email { get; set; }

    [JsonPropertyName("serveraddress")]
    public string? ServerAddress { get; set; }

    [JsonPropertyName("identitytoken")]
    public string? IdentityToken { get; set; }

    [JsonPropertyName("registrytoken")]
    public string? RegistryToken { get; set; }
}
