namespace Gateway.EngineApi.Documents;

/// <summary>The <c>buildargs</c> of ImageBuild: null stands for a name whose value the engine takes from its own proxy settings.</summary>
internal sealed class BuildArguments : Dictionary<string, string?>;
