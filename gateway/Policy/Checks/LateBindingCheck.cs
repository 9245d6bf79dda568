using Gateway.EngineApi;
using Gateway.EngineApi.Documents;

namespace Gateway.Policy.Checks;

/// <summary>
/// What an operation does to names that containers keep: judged by facts about other objects, not by a field of the request,
/// and so beside the catalogue (threats §4.2; I45).
/// </summary>
internal static class LateBindingCheck
{
    public static void Run(CheckContext context, ReadOnlyMemory<byte> body)
    {
        switch (context.Request.Operation!.Name)
        {
            case "ContainerStart" or "ContainerRestart" when context.Find(ObjectKind.Container, context.Request.Name!) is { } container:
                StoredReferencesCheck.Check(container, context.Facts, context);
                break;
            case "ContainerRename":
                SharedNameCheck.CheckRename(context);
                break;
            case "NetworkCreate":
                NetworkUsersCheck.CheckName(EngineBody.Read<NetworkCreateBody>(body.Span).Name ?? "", context);
                break;
            case "NetworkDelete":
                NetworkUsersCheck.CheckUnused(context);
                break;
            default:
                break;
        }
    }
}
