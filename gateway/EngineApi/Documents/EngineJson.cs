using System.Text.Json.Serialization;
using Gateway.EngineApi.Documents.Swarm;

namespace Gateway.EngineApi.Documents;

/// <summary>
/// The documents' shapes for <see cref="BodyReader"/>, and how they are written: what was said, nothing else. The settings for
/// reading stand here only so that nobody reads a document less strictly by another way.
/// </summary>
[JsonSourceGenerationOptions(
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    AllowDuplicateProperties = false,
    RespectNullableAnnotations = true,
    MaxDepth = 64)]
[JsonSerializable(typeof(ContainerCreateBody))]
[JsonSerializable(typeof(ContainerUpdateBody))]
[JsonSerializable(typeof(ContainerConfig))]
[JsonSerializable(typeof(ContainerCopyBody))]
[JsonSerializable(typeof(CheckpointCreateBody))]
[JsonSerializable(typeof(ExecCreateBody))]
[JsonSerializable(typeof(ExecStartBody))]
[JsonSerializable(typeof(AuthBody))]
[JsonSerializable(typeof(Dictionary<string, AuthBody>))]
[JsonSerializable(typeof(VolumeCreateBody))]
[JsonSerializable(typeof(VolumeUpdateBody))]
[JsonSerializable(typeof(NetworkCreateBody))]
[JsonSerializable(typeof(NetworkConnectBody))]
[JsonSerializable(typeof(NetworkDisconnectBody))]
[JsonSerializable(typeof(List<Ulimit>))]
[JsonSerializable(typeof(List<PluginPrivilege>))]
[JsonSerializable(typeof(List<string>))]
[JsonSerializable(typeof(SwarmInitBody))]
[JsonSerializable(typeof(SwarmJoinBody))]
[JsonSerializable(typeof(SwarmSpec))]
[JsonSerializable(typeof(SwarmUnlockBody))]
[JsonSerializable(typeof(ServiceSpec))]
[JsonSerializable(typeof(NodeSpec))]
[JsonSerializable(typeof(SecretSpec))]
[JsonSerializable(typeof(ConfigSpec))]
[JsonSerializable(typeof(Dictionary<string, string>))]
[JsonSerializable(typeof(BuildArguments))]
[JsonSerializable(typeof(PlatformDocument))]
[JsonSerializable(typeof(List<BuildOutput>))]
[JsonSerializable(typeof(List<Ulimit>))]
internal sealed partial class EngineJson : JsonSerializerContext;
