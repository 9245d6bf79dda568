using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Gateway.EngineApi;
using Gateway.Identity;
using Gateway.Objects;
using Gateway.Policy;
using Gateway.Policy.Checks;

namespace Gateway.Audit;

/// <summary>
/// The record's <c>input</c>: what a later replay decides on. Version, query, the caller's names, the objects with their owners,
/// and the body's checked fields; nothing secret (I63). Values of labels are digests: a selector's value can be compared with
/// them, and nothing else can be read from them.
/// </summary>
internal static class RecordedInput
{
    /// <summary>What does not fit into this is not kept at all, and the record says so.</summary>
    private const int MaxBytes = 16 << 10;

    private const int MaxLabels = 32;
    private const int MaxNames = 16;
    private const int MaxLeftOut = 64;

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
                if (request.RegistryAuth?.Registries.ToList() is { Count: > 0 } registries)
                {
                    Texts(json, "registries", registries.Take(MaxLabels));
                }

                if (inputs is not null)
                {
                    if (request.Version is null && inputs.Facts.EngineVersion is { } newest)
                    {
                        json.WriteNumber("engine_version", newest);
                    }

                    Objects(json, inputs.Facts, operation, leftOut);
                    HostPaths(json, inputs.Facts.HostPaths);
                    RecordedBody.Write(operation, inputs.Body, json, leftOut);
                }
            }

            if (leftOut.Count > 0)
            {
                Texts(json, "left_out", leftOut.Take(MaxLeftOut));
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
            Texts(json, "organizations", identity.Organizations.Take(MaxLabels));
        }

        if (identity.Certificate is { } certificate)
        {
            json.WriteString("spki", certificate.Spki);
        }

        if (identity.Account is { } account)
        {
            json.WriteNumber("uid", account.Uid);
            Texts(json, "unix_groups", account.Groups);
        }

        json.WriteEndObject();
    }

    private static void Query(Utf8JsonWriter json, EngineQuery query, EngineOperation operation, List<string> leftOut)
    {
        var kept = query;
        foreach (var name in operation.QueryNames.Where(name => query.Has(name) && CheckCatalogue.For(operation)?.Records("?" + name) != true))
        {
            // A parameter that is there stays there: checks ask for that too.
            var secret = SecretFields.Find("?" + name) ?? new SecretField(name);
            kept = query.Get(name) is { Length: > 0 } ? kept.WithAll(name, query.GetAll(name).Select(secret.Instead).Distinct()) : kept;
            leftOut.Add("?" + name);
        }

        if (kept.ToString() is { Length: > 1 } text)
        {
            json.WriteString("query", text[1..]);
        }
    }

    private static void Objects(Utf8JsonWriter json, RequestFacts facts, EngineOperation operation, List<string> leftOut)
    {
        json.WriteStartArray("objects");
        foreach (var (reference, found) in facts.Objects)
        {
            json.WriteStartObject();
            json.WriteString("kind", reference.Kind.ToString());
            json.WriteString("ref", reference.Name);
            if (found is not null)
            {
                Found(json, found, operation, leftOut);
                if (found is { Kind: ObjectKind.Network, Owner: not null } && facts.IsAdministrator(found.Owner))
                {
                    json.WriteBoolean("administrators", true);
                }
            }

            json.WriteEndObject();
        }

        json.WriteEndArray();
        if (facts.NetworkUsers.Count > 0)
        {
            json.WriteStartArray("network_users");
            foreach (var container in facts.NetworkUsers)
            {
                json.WriteStartObject();
                Found(json, container, operation, leftOut);
                json.WriteEndObject();
            }

            json.WriteEndArray();
        }
    }

    private static void Found(Utf8JsonWriter json, EngineObject found, EngineOperation operation, List<string> leftOut)
    {
        json.WriteString("id", found.Id);
        json.WriteString("name", found.Name);
        if (found.Owner is not null)
        {
            json.WriteString("owner", found.Owner);
        }

        if (found.ImageNames.Count > 0)
        {
            Texts(json, "names", found.ImageNames.Take(MaxNames));
        }

        var labels = found.Labels.Where(label => !OwnerLabel.IsReserved(label.Key)).OrderBy(label => label.Key, StringComparer.Ordinal).ToList();
        if (labels.Count > 0)
        {
            json.WriteStartObject("labels");
            foreach (var (name, value) in labels.Take(MaxLabels))
            {
                json.WriteString(name, Digest(name, value));
            }

            json.WriteEndObject();
        }

        if (labels.Count > MaxLabels || found.ImageNames.Count > MaxNames)
        {
            leftOut.Add("objects");
        }

        RecordedInspect.Write(found, operation, json);
    }

    /// <summary>What was seen on the host: whether each path may be bound, and why not.</summary>
    private static void HostPaths(Utf8JsonWriter json, HostPathFacts paths)
    {
        if (paths.Seen.Count == 0)
        {
            return;
        }

        json.WriteStartArray("host_paths");
        foreach (var (name, fact) in paths.Seen)
        {
            json.WriteStartObject();
            json.WriteString("path", name.Path);
            if (name.Folder is not null)
            {
                json.WriteString("folder", name.Folder);
            }

            json.WriteString("kind", fact.Kind.ToString());
            if (fact.Problem is not null)
            {
                json.WriteString("problem", fact.Problem);
            }

            json.WriteBoolean("nosuid_nodev", fact.NoSuidNoDev);
            json.WriteBoolean("mounts_below", fact.HasMountsBelow);
            json.WriteBoolean("bind_below", fact.HoldsBindOfContainer);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static void Texts(Utf8JsonWriter json, string name, IEnumerable<string> texts)
    {
        json.WriteStartArray(name);
        foreach (var text in texts)
        {
            json.WriteStringValue(text);
        }

        json.WriteEndArray();
    }
}
