using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Gateway.EngineApi;
using Gateway.Identity;
using Gateway.Objects;
using Gateway.Policy;

namespace Gateway.Audit;

/// <summary>
/// The record's <c>input</c>: what a later replay decides on. Version, query, the caller's names, the objects with their owners,
/// and the body's checked fields; nothing secret (I63). Values of labels are digests: a selector's value can be compared with
/// them, and nothing else can be read from them.
/// </summary>
internal static class RecordedInput
{
    public const string LeftOut = "(left out)";

    /// <summary>What does not fit into this is not kept at all, and the record says so.</summary>
    private const int MaxBytes = 16 << 10;

    private const int MaxLabels = 32;
    private const int MaxNames = 8;

    // Every other parameter may hold a secret (buildargs, session, changes, remote, fromSrc) or is not read by a check.
    private static readonly HashSet<string> KeptQuery = new(
        ("all size limit since before until filters follow stdout stderr timestamps tail details stream one-shot stdin logs v force link noprune q nocache forcerm rm "
        + "squash pause quiet copyUIDGID noOverwriteDirNonDir manifests shared-size verbose digests h w t signal condition name platform platforms ps_args path fromImage "
        + "repo tag reference digest term type scope status insertDefaults names memory memswap cpushares cpuperiod cpuquota cpusetcpus cpusetmems shmsize networkmode "
        + "dockerfile target pull cachefrom extrahosts version timeout container checkpoint ulimits cgroupparent securityopt isolation keep-storage reserved-space "
        + "max-used-space min-free-space limit").Split(' '),
        StringComparer.Ordinal);

    /// <summary>The member's value as JSON.</summary>
    /// <param name="inputs">Null where the decision needed neither body nor objects.</param>
    public static byte[] Write(ClientIdentity identity, EngineRequest request, DecisionInputs? inputs, JsonWriterOptions options)
    {
        List<string> leftOut = [];
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer, options))
        {
            json.WriteStartObject();
            if (request.Version is { } version)
            {
                json.WriteNumber("version", version);
            }

            Caller(json, identity);
            if (request.Operation is { } operation)
            {
                Query(json, request.Query, operation, leftOut);
                if (inputs is not null)
                {
                    Objects(json, inputs.Objects, request);
                    RecordedBody.Write(operation.Name, inputs.Body, json, leftOut);
                }
            }

            if (leftOut.Count > 0)
            {
                json.WriteStartArray("left_out");
                leftOut.Take(64).ToList().ForEach(json.WriteStringValue);
                json.WriteEndArray();
            }

            json.WriteEndObject();
        }

        return buffer.Length <= MaxBytes ? buffer.ToArray() : "{\"cut\":true}"u8.ToArray();
    }

    /// <summary>A label's value as records hold it: 16 hex digits of its SHA-256, salted with its name.</summary>
    public static string Digest(string name, string value) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{name}\0{value}")).AsSpan(0, 8));

    private static void Caller(Utf8JsonWriter json, ClientIdentity identity)
    {
        json.WriteStartObject("caller");
        json.WriteString("name", identity.Name);
        if (identity.Organizations.Count > 0)
        {
            json.WriteStartArray("organizations");
            identity.Organizations.Take(MaxLabels).ToList().ForEach(json.WriteStringValue);
            json.WriteEndArray();
        }

        if (identity.Certificate is { } certificate)
        {
            json.WriteString("spki", certificate.Spki);
        }

        json.WriteEndObject();
    }

    private static void Query(Utf8JsonWriter json, EngineQuery query, EngineOperation operation, List<string> leftOut)
    {
        var kept = query;
        foreach (var name in operation.QueryNames.Where(name => query.Has(name) && !KeptQuery.Contains(name)))
        {
            // A parameter that is there stays there: checks ask for that too.
            kept = query.Get(name) is { Length: > 0 } ? kept.With(name, LeftOut) : kept;
            leftOut.Add("?" + name);
        }

        if (kept.ToString() is { Length: > 1 } text)
        {
            json.WriteString("query", text[1..]);
        }
    }

    private static void Objects(Utf8JsonWriter json, IReadOnlyDictionary<ObjectReference, EngineObject?> objects, EngineRequest request)
    {
        json.WriteStartArray("objects");
        foreach (var (reference, found) in objects)
        {
            json.WriteStartObject();
            json.WriteString("kind", reference.Kind.ToString());
            json.WriteString("ref", reference.Name);
            if (found is not null)
            {
                Found(json, found, isSubject: reference.Name == request.Name);
            }

            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static void Found(Utf8JsonWriter json, EngineObject found, bool isSubject)
    {
        json.WriteString("id", found.Id);
        json.WriteString("name", found.Name);
        if (found.Owner is not null)
        {
            json.WriteString("owner", found.Owner);
        }

        if (found.ImageNames.Count > 0)
        {
            json.WriteStartArray("names");
            found.ImageNames.Take(MaxNames).ToList().ForEach(json.WriteStringValue);
            json.WriteEndArray();
        }

        if (!isSubject || found.Kind == ObjectKind.Image)
        {
            return;
        }

        if (found.Labels.Count > 0)
        {
            json.WriteStartObject("labels");
            foreach (var (name, value) in found.Labels.Where(l => l.Key.Length <= 256 && !OwnerLabel.IsReserved(l.Key)).OrderBy(l => l.Key, StringComparer.Ordinal).Take(MaxLabels))
            {
                json.WriteString(name, Digest(name, value));
            }

            json.WriteEndObject();
        }

        // What a selector on images, the archive's check and a start look at.
        if (Json.String(Json.Member(found.Raw, "Config"), "Image") is { } image)
        {
            json.WriteString("image", image);
        }

        var binds = Json.Items(Json.Member(found.Raw, "Mounts")).Where(m => Json.String(m, "Type") == "bind").Take(MaxLabels).ToList();
        if (binds.Count > 0)
        {
            json.WriteStartArray("binds");
            binds.ForEach(m => json.WriteStringValue($"{Json.String(m, "Source")}:{(Json.True(m, "RW") ? "rw" : "ro")}"));
            json.WriteEndArray();
        }
    }
}
