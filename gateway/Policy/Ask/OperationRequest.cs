using System.Text.Json;
using System.Text.Json.Nodes;
using Gateway.EngineApi;
using Gateway.Offline;
using Gateway.Wire;

namespace Gateway.Policy.Ask;

/// <summary>The smallest request of an operation: with what its client always sends, an object's name where one is due, and nothing else.</summary>
internal static class OperationRequest
{
    /// <summary>What stands for an object that the question does not name.</summary>
    public const string AnyObject = "any";

    /// <param name="target">Path and query; null for the smallest ones.</param>
    /// <param name="body">Null for the smallest one.</param>
    /// <param name="image">A name that the caller may run, for where one is due.</param>
    /// <exception cref="FormatException">The target is not one of that operation.</exception>
    public static OfflineRequest Of(EngineOperation operation, string? target, string? body, string image)
    {
        var written = target ?? EngineRoutes.Write(operation, null, operation.Object == ObjectKind.Image ? image : AnyObject, AnyObject) + Query(operation, image);
        var request = OfflineRequest.Of(operation.Method, written, operation.Body == BodyKind.Json ? body ?? Body(operation, image) : body, Headers(operation));
        var read = request.Read();
        var is404 = read is { Operation: null, Refusal.Status: 404 };
        return !is404 && (read.Operation is null || read.Operation == operation)
            ? request
            : throw new FormatException($"{operation.Method} {written} is {read.Operation?.Name ?? "no operation"}, not {operation}; its path is {operation.Template}");
    }

    /// <summary>The request with one field of its body, or one query parameter, set.</summary>
    /// <param name="field">A path as <c>HostConfig.Privileged</c>, or the name of a query parameter.</param>
    /// <param name="value">JSON, or text; put into a list where the field has one.</param>
    /// <exception cref="FormatException">The operation has no such field, or the value is not one of it.</exception>
    public static OfflineRequest With(OfflineRequest request, string field, string value)
    {
        var operation = request.Read().Operation;
        if (operation?.QueryNames.Contains(field) == true)
        {
            var mark = request.Target.Contains('?', StringComparison.Ordinal) ? '&' : '?';
            return request with { Target = $"{request.Target}{mark}{PercentText.Encode(field)}={PercentText.Encode(value)}" };
        }

        if (operation?.Body != BodyKind.Json)
        {
            throw new FormatException($"{operation} has no field and no query parameter \"{field}\"");
        }

        // The reader of bodies knows which fields are lists; the first spelling of the value that it takes is meant.
        var candidates = Values(value).Select(node => WithField(request, field, node)).ToList();
        return candidates.Find(candidate => Problem(candidate) is null)
            ?? throw new FormatException($"{operation} does not take {field}={value}: {Problem(candidates[0])}");
    }

    private static string? Problem(OfflineRequest request)
    {
        try
        {
            _ = RequestReferences.Of(request.Read(), request.Body);
            _ = GrantWishes.Of(request.Read(), request.Body.Span);
            return null;
        }
        catch (RequestRefusedException e)
        {
            return e.Message;
        }
    }

    private static IEnumerable<JsonNode?> Values(string value)
    {
        if (TryJson(value, out var json))
        {
            yield return json;
            yield return new JsonArray(json?.DeepClone());
        }

        yield return JsonValue.Create(value);
        yield return new JsonArray(JsonValue.Create(value));
    }

    private static bool TryJson(string value, out JsonNode? json)
    {
        try
        {
            json = JsonNode.Parse(value);
            return true;
        }
        catch (JsonException)
        {
            json = null;
            return false;
        }
    }

    private static OfflineRequest WithField(OfflineRequest request, string field, JsonNode? value)
    {
        var root = request.Body.IsEmpty ? new JsonObject() : JsonNode.Parse(request.Body.Span) as JsonObject ?? new JsonObject();
        var at = root;
        var names = field.Split('.');
        foreach (var name in names[..^1])
        {
            if (at[name] is not JsonObject next)
            {
                at[name] = next = new JsonObject();
            }

            at = next;
        }

        at[names[^1]] = value?.DeepClone();
        return OfflineRequest.Of(request.Method, request.Target, root.ToJsonString(), request.Headers);
    }

    /// <summary>The query that the operation's client always sends, with its question mark.</summary>
    public static string Query(EngineOperation operation, string image) => operation.Name switch
    {
        "ImageCreate" when ImageReference.TryParse(image, out var reference) => $"?fromImage={PercentText.Encode(reference.Repository)}&tag={PercentText.Encode(reference.Tag ?? "latest")}",
        "ImageTag" when ImageReference.TryParse(image, out var reference) => $"?repo={PercentText.Encode(reference.Repository)}&tag={PercentText.Encode(reference.Tag ?? "latest")}",
        "ImageGetAll" => $"?names={PercentText.Encode(image)}",
        "ImageCommit" => $"?container={AnyObject}",
        "ContainerRename" => "?name=another",
        "ContainerArchive" or "ContainerArchiveInfo" or "PutContainerArchive" => "?path=%2Ftmp",
        "ContainerResize" or "ExecResize" => "?h=24&w=80",
        _ => "",
    };

    private static string Body(EngineOperation operation, string image) => operation.Name switch
    {
        "ContainerCreate" => new JsonObject { ["Image"] = image }.ToJsonString(),
        "ContainerExec" => """{"Cmd":["true"]}""",
        "NetworkCreate" => """{"Name":"another"}""",
        "NetworkConnect" or "NetworkDisconnect" => $$"""{"Container":"{{AnyObject}}"}""",
        "SystemAuth" => new JsonObject { ["serveraddress"] = image.Split('/')[0] }.ToJsonString(),
        _ => "{}",
    };

    private static List<RequestHeader> Headers(EngineOperation operation) => operation.Body switch
    {
        BodyKind.Tar => [new RequestHeader("Content-Type", "application/x-tar")],
        _ => [],
    };
}
