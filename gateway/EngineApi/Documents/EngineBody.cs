using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace Gateway.EngineApi.Documents;

/// <summary>Reads a body into its typed document, and writes the document anew: what is forwarded is what was checked (I2, I12).</summary>
internal static class EngineBody
{
    /// <exception cref="RequestRefusedException">A field is unknown or of the wrong type, or the JSON has no one meaning.</exception>
    public static T Read<T>(ReadOnlySpan<byte> json)
    {
        StrictJson.Check(json, foldsNames: false);
        try
        {
            var document = JsonSerializer.Deserialize(json, Info<T>()) ?? throw new RequestRefusedException(400, "the body is null; send a JSON object");
            if (document is ContainerCreateBody create)
            {
                create.HostConfig ??= new HostConfig();
            }

            NoNulls.Check(JsonSerializer.SerializeToElement(document, Info<T>()), "");
            return document;
        }
        catch (JsonException e)
        {
            var field = Path(e);
            var what = e.Message.Contains("could not be mapped", StringComparison.Ordinal) ? "unknown field" : e.Message.Contains("uplicate", StringComparison.Ordinal) ? "twice the same field" : "wrong value for field";
            throw new RequestRefusedException(400, $"{what} \"{field}\" in the request's body", field);
        }
        catch (InvalidOperationException)
        {
            throw new RequestRefusedException(400, "the body holds text that is not Unicode");
        }
    }

    public static byte[] Write<T>(T document) => JsonSerializer.SerializeToUtf8Bytes(document, Info<T>());

    /// <summary>A query parameter that is a JSON map of texts (a build's labels).</summary>
    /// <exception cref="RequestRefusedException">It is none.</exception>
    public static Dictionary<string, string> ReadMap(string json) => Read<Dictionary<string, string>>(System.Text.Encoding.UTF8.GetBytes(json));

    public static string WriteMap(Dictionary<string, string> map) => System.Text.Encoding.UTF8.GetString(Write(map));

    private static JsonTypeInfo<T> Info<T>() => (JsonTypeInfo<T>)EngineJson.Default.GetTypeInfo(typeof(T))!;

    /// <summary>The path as the person wrote it: <c>HostConfig.Foo</c>.</summary>
    private static string Path(JsonException e)
    {
        var path = (e.Path ?? "$").TrimStart('$').TrimStart('.');
        if (e.Message.Split('\'', '"') is { Length: > 1 } parts && e.Message.Contains("could not be mapped", StringComparison.Ordinal) && !path.EndsWith(parts[1], StringComparison.Ordinal))
        {
            path = path.Length == 0 ? parts[1] : $"{path}.{parts[1]}";
        }

        var clean = new string([.. path.Where(c => !char.IsControl(c))]);
        return clean.Length > 128 ? clean[..128] : clean;
    }
}
