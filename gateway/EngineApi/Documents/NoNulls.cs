using System.Text.Json;

namespace Gateway.EngineApi.Documents;

/// <summary>Null stands for an absent field, never for an element: a null endpoint or mount has stopped engines (threats §2.5).</summary>
internal static class NoNulls
{
    /// <exception cref="RequestRefusedException">A list or a map holds null.</exception>
    public static void Check(JsonElement element, string path)
    {
        switch (element.ValueKind)
        {
            case JsonValueKind.Object:
                foreach (var member in element.EnumerateObject())
                {
                    Check(member.Value, path.Length == 0 ? member.Name : $"{path}.{member.Name}");
                }

                break;
            case JsonValueKind.Array:
                foreach (var item in element.EnumerateArray())
                {
                    Check(item, path);
                }

                break;
            case JsonValueKind.Null when !path.StartsWith("HostConfig.PortBindings.", StringComparison.Ordinal):
                throw new RequestRefusedException(400, $"null inside \"{path}\"; leave the entry out", path);
            default:
                break;
        }
    }
}
