using System.Globalization;
using System.Text;
using Gateway.EngineApi;

namespace Gateway.EndToEnd.Fuzzing;

/// <summary>The bytes of one case, one character a byte (Latin-1), and the operation that it began as.</summary>
internal sealed record FuzzCase(string Label, string Operation, string Bytes)
{
    // Operations that make or change something get more of the time than the rest.
    private static readonly string[] Favourites =
        ["ContainerCreate", "ContainerCreate", "ContainerCreate", "ContainerCreate", "ContainerCreate", "ContainerCreate", "ContainerUpdate", "ContainerExec", "ContainerStart", "VolumeCreate", "NetworkCreate", "NetworkConnect", "NetworkDisconnect", "ImageCommit", "ImageTag", "ImageBuild", "ContainerRename"];

    // What a developer may have at all.
    private static readonly IReadOnlyList<EngineOperation> Open =
        [.. OperationCatalogue.All.Where(o => !o.RootEquivalentOnly && o.Object is ObjectKind.Container or ObjectKind.Exec or ObjectKind.Image or ObjectKind.Volume or ObjectKind.Network or ObjectKind.System or ObjectKind.Build)];

    private static readonly string[] Types =
        ["application/json", "application/json", "application/json", "application/json", "application/json; charset=utf-8", "Application/JSON", "application/json;", "text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x", "application/json, text/plain", "application/x-tar", ""];

    private static readonly string[] Heads =
    [
        "Upgrade: tcp\r\nConnection: Upgrade", "Upgrade: h2c\r\nConnection: Upgrade, HTTP2-Settings\r\nHTTP2-Settings: AA", "Connection: close, Content-Length", "Connection: X-Registry-Auth", "Expect: 100-continue", "Expect: x", "X-Registry-Auth: e30=", "X-Registry-Auth: %%%", "X-Registry-Config: e30=", "X-Meta-A: b", "X-Forwarded-For: 127.0.0.1", "Content-Encoding: gzip", "Transfer-Encoding: chunked", "Transfer-Encoding: gzip, chunked", "Transfer-Encoding : chunked", "Content-Length: 0", "Content-Length: +1", "Host: y", "A: b\r\n c", "A:\tb\x01", "Content-Type: text/plain", "X-HTTP-Method-Override: DELETE", "Trailer: Host", "TE: trailers", "User-Agent: Docker-Client/28", "Range: bytes=0-1", "Accept-Encoding: gzip", "Te: x\nEvil: y",
    ];

    public static FuzzCase Generate(int seed, Names names)
    {
        var dice = new Dice(seed);
        var operation = dice.OneIn(2) ? OperationCatalogue.Get(dice.Of(Favourites)) : dice.OneIn(6) ? dice.Of(OperationCatalogue.All) : dice.Of(Open);
        var bytes = One(dice, names, operation);
        if (dice.OneIn(25))
        {
            // Two requests in one: behind each other, or one in the other's body.
            var second = One(dice, names, OperationCatalogue.Get(dice.Of(Favourites)));
            bytes = dice.OneIn(2) ? bytes + second : Request(dice, "POST", "/v1.41/containers/create", second, "application/json");
        }

        return new FuzzCase(seed.ToString(CultureInfo.InvariantCulture), operation.Name, bytes);
    }

    private static string One(Dice dice, Names names, EngineOperation operation)
    {
        var hasBody = operation.Body == BodyKind.Json || (operation.Method is "POST" or "PUT" && dice.OneIn(15));
        var body = hasBody ? BodyGrammar.Body(dice, names, operation.Name) : dice.OneIn(40) ? "{}" : null;
        var method = dice.OneIn(40) ? dice.Of((string[])["GET", "POST", "DELETE", "PUT", "HEAD", "PATCH", "OPTIONS", "get", "CONNECT", "PRI"]) : operation.Method;
        var target = Latin(TargetGrammar.Target(dice, names, operation));
        return Request(dice, method, target.Replace(" ", "%20", StringComparison.Ordinal), body is null ? null : Latin(body), dice.OneIn(12) ? dice.Of(Types) : "application/json");
    }

    private static string Request(Dice dice, string method, string target, string? body, string type)
    {
        var head = new StringBuilder();
        var version = dice.OneIn(60) ? dice.Of((string[])["HTTP/1.0", "HTTP/2.0", "HTTP/1.2", "http/1.1", "HTTP/1.1 "]) : "HTTP/1.1";
        head.Append(CultureInfo.InvariantCulture, $"{method} {target} {version}\r\n");
        head.Append(dice.OneIn(100) ? "" : "Host: docker\r\n");
        foreach (var extra in dice.OneIn(14) ? dice.Some(Heads, 2) : [])
        {
            head.Append(CultureInfo.InvariantCulture, $"{extra}\r\n");
        }

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
