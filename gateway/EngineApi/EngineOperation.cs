namespace Gateway.EngineApi;

/// <summary>What an operation works on: the Engine API's own kinds of object.</summary>
internal enum ObjectKind
{
    None, Container, Exec, Image, Build, Volume, Network, Plugin, Swarm, Service, Task, Node, Secret, Config, System,
}

/// <summary>What the engine reads of a request's body. Anything else a client sends is refused.</summary>
internal enum BodyKind { None, Json, Tar, Raw, Grpc }

/// <summary>How the connection is used once the engine has answered.</summary>
internal enum StreamKind
{
    /// <summary>One answer, then the next request.</summary>
    None,

    /// <summary>An answer that goes on as long as something happens (logs, events, stats).</summary>
    ChunkedFollow,
    Download,
    Upload,

    /// <summary>Raw bytes both ways after the answer's head: the Engine API's "hijack".</summary>
    Hijack,

    /// <summary>HTTP/2 both ways after a 101.</summary>
    H2c,
}

/// <summary>What an operation does to its object.</summary>
internal enum Effect { Read, Create, Change, Delete, Exec }

/// <summary>
/// One operation that an engine routes, named by its operationId in the Engine API's swagger file.
/// A row of <see cref="OperationCatalogue"/>: the one table that drives matching, body reading, streams and narrowing.
/// </summary>
/// <param name="Name">The operationId, <c>ContainerCreate</c>.</param>
/// <param name="Method">The HTTP method, exactly as written.</param>
/// <param name="Template">The engine's route; <c>{name}</c> is one segment, <c>{name:.*}</c> may hold slashes at the engine.</param>
/// <param name="MinApi">The minor number of the first API version that has it (1.24 is 24).</param>
/// <param name="MaxApi">The minor number of the last one, or null.</param>
/// <param name="Query">The names of the query parameters that the engine reads, separated by spaces.</param>
/// <param name="Reach">Whom it is for alone, and why, where it reaches beyond objects that have an owner.</param>
internal sealed record EngineOperation(
    string Name,
    string Method,
    string Template,
    int MinApi,
    int? MaxApi,
    ObjectKind Object,
    BodyKind Body,
    StreamKind Stream,
    Effect Effect,
    string Query,
    OperationReach? Reach)
{
    /// <summary>True where no narrower role may have it, whatever its rules say (debug, swarm, plugins, gRPC …).</summary>
    public bool RootEquivalentOnly => Reach is { RootEquivalentOnly: true };

    public IReadOnlySet<string> QueryNames { get; } = Query.Split(' ', StringSplitOptions.RemoveEmptyEntries).ToHashSet(StringComparer.Ordinal);

    /// <summary>What the name in the path is: ContainerExec makes an exec, but its path names a container.</summary>
    public ObjectKind PathKind => Name == "ContainerExec" ? ObjectKind.Container : Object;

    public override string ToString() => Name;
}
