using System.Text;

namespace Gateway.Replay;

/// <summary>Calls of one shape are decided alike: all that decides, without the names of the caller's own objects.</summary>
internal static class CallShape
{
    public static string Of(RecordedCall call)
    {
        var objects = (call.Objects ?? []).Select(found =>
            $"{found.Kind} {(found.Id is null ? "-" : found.Owner == call.User ? "own" : $"{found.Owner} {found.Name} {found.IsAdministrators}")} {string.Join(',', found.ImageNames)} {string.Join(',', found.Labels.Keys)} {found.Inspect.GetRawText()}");
        var byName = call.Objects?.Any(found => found.Owner != call.User) != false;

        // A container's own new name is no part of what it needs.
        var query = call.Operation == "ContainerCreate" ? "" : call.Query;
        return string.Join('\n', [call.Operation, byName ? call.Path : "", query, string.Join(',', call.Registries), string.Join(',', call.HostPaths), Encoding.UTF8.GetString(call.Body), .. objects]);
    }
}
