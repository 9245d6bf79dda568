using System.CommandLine;
using System.Globalization;
using System.Net.Sockets;
using System.Text.Json;

namespace Gateway.Status;

/// <summary><c>gateway status</c>: asks the running gateways how they are. Exit code 0 fine, 1 a problem or none running.</summary>
internal static class StatusCommand
{
    public static Command Create()
    {
        var socket = new Option<string>("--control-socket") { Description = "ask that gateway only (default: all that this account runs)" };
        var format = new Option<string>("--format") { Description = "text or json", DefaultValueFactory = _ => "text" };
        format.AcceptOnlyFromAmong("text", "json");
        var command = new Command("status", "Is the gateway running, does the engine answer, what ends soon\n\nExample:\n  gateway status --format json") { socket, format };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            IReadOnlyList<string> sockets = parsed.GetValue(socket) is { } one ? [one] : ControlFolder.Sockets;
            var (output, error) = (parsed.InvocationConfiguration.Output, parsed.InvocationConfiguration.Error);
            List<StatusReport> reports = [];
            foreach (var path in sockets)
            {
                if (await AskAsync(path, cancellationToken) is { } report)
                {
                    reports.Add(report);
                }
            }

            await WriteAsync(reports, parsed.GetValue(format) == "json", output);
            if (reports.Count == 0)
            {
                await error.WriteLineAsync("no gateway of this account is running; start one with: gateway serve");
            }

            return reports.Count > 0 && reports.TrueForAll(r => r.Problems.Count == 0) ? 0 : 1;
        });
        return command;
    }

    private static async Task<StatusReport?> AskAsync(string path, CancellationToken cancellationToken)
    {
        using var handler = new SocketsHttpHandler
        {
            UseProxy = false,
            ConnectCallback = async (_, token) =>
            {
                var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
                try
                {
                    await socket.ConnectAsync(new UnixDomainSocketEndPoint(path), token);
                    return new NetworkStream(socket, ownsSocket: true);
                }
                catch
                {
                    socket.Dispose();
                    throw;
                }
            },
        };
        using var client = new HttpClient(handler) { Timeout = TimeSpan.FromSeconds(10) };
        try
        {
            return JsonSerializer.Deserialize(await client.GetStringAsync(new Uri("http://gateway/_gateway/status"), cancellationToken), StatusJson.Default.StatusReport);
        }
        catch (Exception e) when (e is HttpRequestException or JsonException or TaskCanceledException or ArgumentException)
        {
            return null;
        }
    }

    private static async Task WriteAsync(List<StatusReport> reports, bool json, TextWriter output)
    {
        if (json)
        {
            await output.WriteLineAsync(JsonSerializer.Serialize(reports, StatusJson.Default.ListStatusReport));
            return;
        }

        foreach (var report in reports)
        {
            await output.WriteLineAsync(string.Join('\n', Lines(report)));
        }
    }

    private static IEnumerable<string> Lines(StatusReport report)
    {
        yield return $"gateway running since {report.Since:u} (pid {report.Pid.ToString(CultureInfo.InvariantCulture)}) on {string.Join(", ", report.Listeners)}";
        yield return report.Engine.Answers ? $"  engine   {report.Engine.Address} answers, version {report.Engine.Version}" : $"  engine   {report.Engine.Address} does not answer";
        yield return $"  trust    {report.Users} users, {report.Revoked} revoked certificates, last read {report.LastReload:u}";
        yield return $"  open     {report.OpenConnections} connections, {report.OpenStreams} streams";
        foreach (var expiry in report.Expiries)
        {
            yield return $"  {expiry.Kind,-8} \"{expiry.Name}\" until {expiry.Ends:u}";
        }

        if (report.Learning.Count > 0)
        {
            yield return $"  learning {string.Join(", ", report.Learning)}: denials are marked in the audit log, nothing more is let through";
        }

        foreach (var warning in report.Warnings)
        {
            yield return $"  warning  {warning}";
        }

        foreach (var problem in report.Problems)
        {
            yield return $"  PROBLEM  {problem}";
        }
    }
}
