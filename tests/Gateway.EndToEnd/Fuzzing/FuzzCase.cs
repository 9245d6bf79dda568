using System.Globalization;
using System.Text;
using Gateway.EngineApi;

namespace Gateway.EndToEnd.Fuzzing;

/// <summary>One request of a case.</summary>
/// <param name="Operation">What it began as, before it was bent.</param>
/// <param name="User">0 is the attacker, 1 another user of the same role.</param>
/// <param name="Bytes">One character a byte (Latin-1); <c>@X</c> is the last id that the case was told.</param>
/// <param name="WithNext">Sent together with the next one.</param>
internal sealed record FuzzStep(string Operation, int User, string Bytes, bool WithNext = false);

/// <summary>One case: mostly a single request, now and then a walk over own objects. The same seed gives the same case.</summary>
internal sealed record FuzzCase(string Label, IReadOnlyList<FuzzStep> Steps)
{
    private const int WalkEvery = 24;

    // Operations that make or change something get more of the time than the rest.
    private static readonly string[] Favourites =
        ["ContainerCreate", "ContainerCreate", "ContainerCreate", "ContainerCreate", "ContainerCreate", "ContainerCreate", "ContainerUpdate", "ContainerExec", "ContainerStart", "ExecStart", "VolumeCreate", "NetworkCreate", "NetworkConnect", "NetworkDisconnect", "ImageCommit", "ImageTag", "ImageBuild", "ContainerRename", "PutContainerArchive"];

    // What a limited role may have at all.
    private static readonly IReadOnlyList<EngineOperation> Open = [.. OperationCatalogue.All.Where(o => !o.RootEquivalentOnly)];

    private static readonly string[] Types =
        ["application/json", "application/json", "application/json", "application/json", "application/json; charset=utf-8", "Application/JSON", "application/json;", "text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x", "application/json, text/plain", "application/x-tar", ""];

    private static readonly string[] Heads =
    [
        "Upgrade: tcp\r\nConnection: Upgrade", "Upgrade: h2c\r\nConnection: Upgrade, HTTP2-Settings\r\nHTTP2-Settings: AA", "Connection: close, Content-Length", "Connection: X-Registry-Auth", "Expect: 100-continue", "Expect: x", "X-Registry-Auth: e30=", "X-Registry-Auth: %%%", "X-Registry-Config: e30=", "X-Meta-A: b", "X-Forwarded-For: 127.0.0.1", "Content-Encoding: gzip", "Transfer-Encoding: chunked", "Transfer-Encoding: gzip, chunked", "Transfer-Encoding : chunked", "Content-Length: 0", "Content-Length: +1", "Host: y", "A: b\r\n c", "A:\tb\x01", "Content-Type: text/plain", "X-HTTP-Method-Override: DELETE", "Trailer: Host", "TE: trailers", "User-Agent: Docker-Client/28", "Range: bytes=0-1", "Accept-Encoding: gzip", "Te: x\nEvil: y",
    ];

    /// <param name="role">Whose users send it: mostly what the role allows on something.</param>
    public static FuzzCase Generate(int seed, FuzzRole role, Names names, Names mates)
    {
        var dice = new Dice(seed);
        var label = seed.ToString(CultureInfo.InvariantCulture);
        return dice.OneIn(role.Allows(Whose.Own, "ContainerCreate") ? WalkEvery : 10 * WalkEvery) ? new FuzzCase(label, FuzzWalk.Steps(dice, seed, names, mates)) : new FuzzCase(label, [Single(dice, role, names)]);
    }

    private static FuzzStep Single(Dice dice, FuzzRole role, Names names)
    {
        List<EngineOperation> favourites = [.. Favourites.Where(name => role.Allows(Whose.Own, name)).Select(OperationCatalogue.Get)], open = [.. Open.Where(o => role.Allows(Whose.Own, o.Name))];
        var operation = dice.Below(20) switch { < 9 when favourites.Count > 1 => dice.Of(favourites), < 17 => dice.Of(open), < 19 => dice.Of(Open), _ => dice.Of(OperationCatalogue.All) };
        operation = operation.Name.EndsWith("Prune", StringComparison.Ordinal) && dice.Below(6) > 0 ? OperationCatalogue.Get("ContainerCreate") : operation;
        var bytes = One(dice, operation.Effect == Effect.Delete && dice.Below(5) > 0 ? Spare(names) : names, operation);
        if (dice.OneIn(30))
        {
            // Two requests in one: behind each other, or one in the other's body.
            var second = One(dice, names, OperationCatalogue.Get(dice.Of(Favourites)));
            bytes = dice.OneIn(2) ? bytes + second : Request(dice, "POST", "/v1.41/containers/create", second, "application/json");
        }

        return new FuzzStep(operation.Name, 0, bytes);
    }

    // What cases make: were the round's own objects removed early, nothing that comes after would be about an object.
    private static Names Spare(Names names) => names with
    {
        Own = Names.Kinds.ToDictionary(kind => kind, IReadOnlyList<string> (kind) => kind == "image" ? [$"localhost/{names.User}/fz", $"localhost/{names.User}/fz:2"] : ["fz-new", "fz-new2", "fz-own"]),
    };

    /// <summary>A request that begins as that operation.</summary>
    public static string One(Dice dice, Names names, EngineOperation operation)
    {
        var body = operation.Body switch
        {
            BodyKind.Json => BodyGrammar.Body(dice, names, operation.Name),
            BodyKind.Tar when !dice.OneIn(8) => operation.Name == "ImageBuild" ? TarGrammar.BuildContext(dice, names) : TarGrammar.Upload(dice),
            _ when operation.Method is "POST" or "PUT" && dice.OneIn(20) => BodyGrammar.Body(dice, names, operation.Name),
            _ => dice.OneIn(50) ? "{}" : null,
        };
        var method = dice.OneIn(50) ? dice.Of((string[])["GET", "POST", "DELETE", "PUT", "HEAD", "PATCH", "OPTIONS", "get", "CONNECT", "PRI"]) : operation.Method;
        var target = Latin(TargetGrammar.Target(dice, names, operation));
        var type = dice.OneIn(14) ? dice.Of(Types) : operation.Body == BodyKind.Tar ? "application/x-tar" : "application/json";
        return Request(dice, method, target.Replace(" ", "%20", StringComparison.Ordinal), body is null ? null : operation.Body == BodyKind.Tar ? body : Latin(body), type, operation.Stream == StreamKind.Hijack && dice.Below(4) > 0);
    }

    /// <summary>An ordinary request, as a client writes it.</summary>
    public static string Plain(string method, string target, string? body = null, string type = "application/json") =>
        $"{method} {target} HTTP/1.1\r\nHost: docker\r\n{(body is null ? method == "POST" ? "Content-Length: 0\r\n\r\n" : "\r\n" : $"Content-Type: {type}\r\nContent-Length: {body.Length}\r\n\r\n{body}")}";

    private static string Request(Dice dice, string method, string target, string? body, string type, bool upgrades = false)
    {
        var head = new StringBuilder();
        var version = dice.OneIn(60) ? dice.Of((string[])["HTTP/1.0", "HTTP/2.0", "HTTP/1.2", "http/1.1", "HTTP/1.1 "]) : "HTTP/1.1";
        head.Append(CultureInfo.InvariantCulture, $"{method} {target} {version}\r\n");
        head.Append(dice.OneIn(100) ? "" : "Host: docker\r\n");
        foreach (var extra in dice.OneIn(18) ? dice.Some(Heads, 2) : [])
        {
            head.Append(CultureInfo.InvariantCulture, $"{extra}\r\n");
        }

        head.Append(upgrades ? "Upgrade: tcp\r\nConnection: Upgrade\r\n" : "");
        if (body is null)
        {
            return head.Append(method == "POST" ? "Content-Length: 0\r\n\r\n" : "\r\n").ToString();
        }

        head.Append(type.Length > 0 ? $"Content-Type: {type}\r\n" : "");
        return dice.Below(16) switch
        {
            0 => head + Chunked(dice, body),
            1 when dice.OneIn(4) => $"{head}Content-Length: {Math.Max(0, body.Length + dice.Below(5) - 2)}\r\n\r\n{body}",
            _ => $"{head}Content-Length: {body.Length}\r\n\r\n{body}",
        };
    }

    private static string Chunked(Dice dice, string body)
    {
        var at = dice.Below(body.Length + 1);
        var (first, second) = (body[..at], body[at..]);
        var end = dice.OneIn(4) ? dice.Of((string[])["0\r\nContent-Length: 5\r\n\r\n", "0\n\n", "0;x=y\r\n\r\n", "00\r\n\r\n", "0\r\n", "-0\r\n\r\n"]) : "0\r\n\r\n";
        return $"Transfer-Encoding: chunked\r\n\r\n{Chunk(dice, first)}{Chunk(dice, second)}{end}";
    }

    private static string Chunk(Dice dice, string text) => text.Length == 0 ? "" : $"{text.Length:x}{(dice.OneIn(6) ? ";a=\"b\"" : "")}{(dice.OneIn(20) ? "\n" : "\r\n")}{text}\r\n";

    private static string Latin(string text) => Encoding.Latin1.GetString(Encoding.UTF8.GetBytes(text));
}
