namespace Gateway.EngineApi;

/// <summary>
/// What the engine says of a name that is taken, without by whom (threats §3.3, §4.4). A volume it would share with the asker; its
/// words for one of another driver are what is left to say (moby <c>volume/service/errors.go</c>).
/// </summary>
internal static class TakenName
{
    public static string Message(ObjectKind kind, string name) => kind switch
    {
        ObjectKind.Container => $"Conflict. The container name \"{name}\" is already in use.",
        ObjectKind.Network => $"network with name {name} already exists",
        ObjectKind.Volume => $"create {name}: volume name must be unique",
        _ => throw new InvalidOperationException($"no name of a {kind} is given by its user"),
    };
}
