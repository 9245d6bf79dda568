namespace Gateway.EngineApi;

/// <summary>
/// What a request's Content-Type may be (threats §2.4): JSON where the engine reads JSON, no form anywhere, so that no body ever
/// beats a checked query (I9). What is forwarded is written by the gateway, never this value.
/// </summary>
internal static class RequestContentType
{
    private const string Json = "application/json";

    /// <exception cref="RequestRefusedException">The type is a form's, or not what the operation's body is.</exception>
    public static void Check(EngineOperation operation, string? contentType, bool hasBody)
    {
        var parts = contentType?.Split(';').Select(part => part.Trim(' ', '\t').ToLowerInvariant()).ToList() ?? [];
        var type = parts.Count == 0 ? "" : parts[0];
        if (type.Contains("x-www-form-urlencoded", StringComparison.Ordinal) || type.Contains("multipart/", StringComparison.Ordinal))
        {
            throw new RequestRefusedException(400, "a form is no body that the Engine API has; use the query or JSON");
        }

        if (!hasBody)
        {
            return;
        }

        if (RepeatedQuery.MayCome(operation) && type.Length == 0)
        {
            return;
        }

        if (!MayHaveBody(operation))
        {
            throw new RequestRefusedException(400, $"{operation} has no body; send the request without one");
        }

        if ((operation.Body == BodyKind.Json || RepeatedQuery.MayCome(operation)) && (type != Json || !IsUtf8(parts.Skip(1).Where(part => part.Length > 0).ToList())))
        {
            throw new RequestRefusedException(400, $"the body's Content-Type is not {Json}, with no parameter but charset=utf-8");
        }
    }

    private static bool MayHaveBody(EngineOperation operation) =>
        operation.Body is BodyKind.Json or BodyKind.Tar || operation.Name == "ImageCreate" || RepeatedQuery.MayCome(operation);

    private static bool IsUtf8(List<string> parameters) =>
        parameters.Count == 0 || (parameters.Count == 1 && parameters[0] is "charset=utf-8" or "charset=\"utf-8\"");
}
