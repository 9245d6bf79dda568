using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace Gateway.EngineApi.Documents;

/// <summary>Reads a body into its typed document, and writes the document anew: what is forwarded is what was checked (I2, I12).</summary>
internal static class EngineBody
{
    /// <summary>The bound on a JSON body (threats §2.4), counted while it is read.</summary>
    public const int MaxBytes = 4 << 20;

    /// <param name="place">For messages: where the JSON stands, where it is not the body.</param>
    /// <exception cref="RequestRefusedException">A field is unknown or of the wrong type, or the JSON has no one meaning.</exception>
    public static T Read<T>(ReadOnlySpan<byte> json, string place = "the request's body")
        where T : class
    {
        var document = (T)BodyReader.Read(json, DocumentShape.Of(typeof(T)), place);
        if (document is ContainerCreateBody create)
        {
            // Without one an old engine would look for its fields at top level (I14).
            create.HostConfig ??= new HostConfig();
        }

        return document;
    }

    public static byte[] Write<T>(T document)
        where T : class => JsonSerializer.SerializeToUtf8Bytes(document, (JsonTypeInfo<T>)EngineJson.Default.GetTypeInfo(typeof(T))!);

    /// <summary>A query parameter that is a JSON map of texts (a build's labels).</summary>
    /// <exception cref="RequestRefusedException">It is none.</exception>
    public static Dictionary<string, string> ReadMap(string json) => Read<Dictionary<string, string>>(Encoding.UTF8.GetBytes(json), "the query");

    /// <summary>The names in a query parameter that is a JSON map, whatever its values are (a build's arguments).</summary>
    /// <exception cref="RequestRefusedException">It is none.</exception>
    public static IEnumerable<string> ReadNames(string json) => Read<BuildArguments>(Encoding.UTF8.GetBytes(json), "the query").Keys;

    public static string WriteMap(Dictionary<string, string> map) => Encoding.UTF8.GetString(Write(map));
}
