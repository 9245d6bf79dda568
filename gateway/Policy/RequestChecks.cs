using Gateway.EngineApi;
using Gateway.EngineApi.Documents;
using Gateway.Policy.Checks;

namespace Gateway.Policy;

/// <summary>The checks of each operation's body and query: the one place that says which check goes with which operation.</summary>
internal static class RequestChecks
{
    /// <summary>Runs the checks and gives the body to forward, null where there is none.</summary>
    public static byte[]? Run(CheckContext context, ReadOnlyMemory<byte> body)
    {
        var operation = context.Request.Operation!;
        switch (operation.Name)
        {
            case "ContainerCreate":
                return Create(EngineBody.Read<ContainerCreateBody>(body.Span), context);
            case "ContainerUpdate":
                return Update(EngineBody.Read<ContainerUpdateBody>(body.Span), context);
            case "ContainerExec":
                return Exec(EngineBody.Read<ExecCreateBody>(body.Span), context);
            case "ExecStart":
                return EngineBody.Write((ExecStartBody)BodyCatalogue.All[operation.Name].ReadOrDefault(body));
            case "VolumeCreate":
                var volume = EngineBody.Read<VolumeCreateBody>(body.Span);
                ObjectCreateCheck.Check(volume, context);
                return EngineBody.Write(volume);
            case "NetworkCreate":
                var network = EngineBody.Read<NetworkCreateBody>(body.Span);
                ObjectCreateCheck.Check(network, context);
                return EngineBody.Write(network);
            case "NetworkConnect":
                return Connect(EngineBody.Read<NetworkConnectBody>(body.Span), context);
            case "NetworkDisconnect":
                var disconnect = EngineBody.Read<NetworkDisconnectBody>(body.Span);
                disconnect.Container = context.OwnId(ObjectKind.Container, disconnect.Container ?? "");
                return EngineBody.Write(disconnect);
            case "ImageCommit":
                return Commit((ContainerConfig)BodyCatalogue.All[operation.Name].ReadOrDefault(body), context);
            case "SystemAuth":
                var auth = EngineBody.Read<AuthBody>(body.Span);
                RegistryCheck.Check(auth, context);
                return EngineBody.Write(auth);
            case "ContainerStart" or "ContainerRestart" when context is { Unlimited: false, AllObjects: false }:
                QueryChecks.Run(context);
                if (context.Find(ObjectKind.Container, context.Request.Name!) is { } container)
                {
                    BindCheck.CheckExisting(container, readOnly: false, "HostConfig.Mounts.Source", context);
                }

                return null;
            default:
                QueryChecks.Run(context);
                return OtherBody(operation, body, context);
        }
    }

    private static byte[]? OtherBody(EngineOperation operation, ReadOnlyMemory<byte> body, CheckContext context)
    {
        if (!BodyCatalogue.All.TryGetValue(operation.Name, out var type))
        {
            return null;
        }

        if (!context.Role.RootEquivalent)
        {
            context.Refuse("body", $"the body of {operation} is granted to root-equivalent roles only");
        }

        return type.Write(type.ReadOrDefault(body));
    }

    private static byte[] Create(ContainerCreateBody body, CheckContext context)
    {
        if (context.Query.Get("name") is { Length: > 0 } name)
        {
            ObjectCreateCheck.CheckName(name.TrimStart('/'), allowEmpty: true, context);
        }

        body.Image = ImageCheck.Check(body.Image, "Image", context);
        ProcessCheck.Check(body, context);
        PrivilegeCheck.Check(body.HostConfig!, context);
        NamespaceCheck.Check(body.HostConfig!, context);
        HostReachCheck.Check(body.HostConfig!, context);
        LimitCheck.CheckCreate(body.HostConfig!, context);
        PublishCheck.Check(body.HostConfig!, context);
        NetworkCheck.Check(body, context);
        MountCheck.Check(body, context);
        return EngineBody.Write(body);
    }

    private static byte[] Update(ContainerUpdateBody body, CheckContext context)
    {
        LimitCheck.CheckUpdate(body, context);
        if (!context.Unlimited)
        {
            HostReachCheck.CheckResources(body, "", context);
            HostReachCheck.CheckRestart(body.RestartPolicy, context);
        }

        return EngineBody.Write(body);
    }

    private static byte[] Exec(ExecCreateBody body, CheckContext context)
    {
        if (body.Privileged == true && !context.Unlimited && !context.Grants.Privileged)
        {
            context.Refuse("Privileged", "no grant for privileged execs");
        }

        ProcessCheck.CheckUser(body.User, "User", context);
        body.Container = null;
        return EngineBody.Write(body);
    }

    private static byte[] Connect(NetworkConnectBody body, CheckContext context)
    {
        body.Container = context.OwnId(ObjectKind.Container, body.Container ?? "");
        if (body.EndpointConfig is { } endpoint && context.Find(ObjectKind.Network, context.Request.Name!) is { } network)
        {
            body.EndpointConfig = NetworkCheck.Endpoint(endpoint, context.Request.Name!, network.Id, context);
        }

        return EngineBody.Write(body);
    }

    private static byte[] Commit(ContainerConfig body, CheckContext context)
    {
        ProcessCheck.Check(body, context);
        context.Query = context.OwnId(ObjectKind.Container, context.Query.Get("container") ?? "") is { } id ? context.Query.With("container", id) : context.Query;
        QueryChecks.WriteTarget(context, context.Query.Get("repo"), context.Query.Get("tag"), "repo");
        if (!context.Unlimited && context.Query.GetAll("changes").Any(change => !QueryChecks.IsHarmlessChange(change)))
        {
            context.Refuse("changes", "LABEL, ONBUILD and continued lines are not granted in a commit's changes");
        }

        return EngineBody.Write(body);
    }
}
