using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;

namespace Gateway.Narrowing;

/// <summary>How deep an engine's answer may be (threats §8).</summary>
[JsonSourceGenerationOptions(MaxDepth = 128)]
[JsonSerializable(typeof(JsonElement))]
[JsonSerializable(typeof(JsonNode))]
internal sealed partial class NarrowedJson : JsonSerializerContext;
