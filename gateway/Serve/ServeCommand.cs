using System.CommandLine;
using Gateway.Audit;
using Gateway.Forwarding;
using Gateway.Listeners;
using Gateway.Policy.Files;
using Gateway.Trust;
using Serilog.Events;

namespace Gateway.Serve;

/// <summary><c>gateway serve</c>: its flags are dockerd's where dockerd has one; each has an environment variable.</summary>
internal static class ServeCommand
{
    private const string EtcFolder = "/etc/docker-gateway";

    public static Command Create()
    {
        var hosts = new Option<string[]>("--host", "-H") { Description = "where to listen: tcp://ADDRESS:PORT or :PORT, several times (default tcp://127.0.0.1:2376)" };
        var engine = Text("--engine", "the engine's Unix socket (default unix:///var/run/docker.sock)");
        var policies = Text("--policies", $"folder of the policy files (default {EtcFolder}/policies)");
        var signature = Text("--policies-signature", "signature that the policy files must carry, made by gateway policy sign");
        var signedBy = Text("--policies-key", "public key, PEM, that the policies' signature is checked by");
        var pki = Text("--pki", $"folder that certs-tool made (default {EtcFolder}/pki)");
        var authority = Text("--tlscacert", "CA that client certificates chain to");
        var certificate = Text("--tlscert", "the server's certificate");
        var key = Text("--tlskey", "the server's key");
        var crl = Text("--crl", "the CA's revocation list");
        var audit = Text("--audit-log", "audit log file (default /var/log/docker-gateway/audit.log, or below the state folder for other accounts than root)");
        var auditSize = Text("--audit-max-size", "begin a new audit log file after this many bytes, as in 100m (default never)");
        var auditKeep = Text("--audit-keep", "older audit log files to keep (default 10)");
        var auditAnswers = new Option<bool>("--audit-answers") { Description = "one more record for each answered plain call: status, duration, bytes" };
        var debug = new Option<bool>("--debug", "-D") { Description = "log more" };
        var level = new Option<string>("--log-level", "-l") { Description = "debug, info, warn or error" };
        var command = new Command("serve", "Runs the gateway. Example: gateway serve -H tcp://127.0.0.1:2376 --pki /etc/docker-gateway/pki --policies /etc/docker-gateway/policies")
        {
            hosts, engine, policies, signature, signedBy, pki, authority, certificate, key, crl, audit, auditSize, auditKeep, auditAnswers, debug, level,
        };
        command.SetAction((result, cancellationToken) =>
        {
            string? Given(Option<string> option) => result.GetValue(option) is { Length: > 0 } value
                ? value
                : Environment.GetEnvironmentVariable("GATEWAY_" + option.Name.TrimStart('-').Replace('-', '_').ToUpperInvariant()) is { Length: > 0 } fromEnvironment ? fromEnvironment : null;
            try
            {
                var folder = Given(pki) ?? Path.Combine(EtcFolder, "pki");
                var list = result.GetValue(hosts) is { Length: > 0 } given ? given : Environment.GetEnvironmentVariable("GATEWAY_HOST")?.Split(' ', StringSplitOptions.RemoveEmptyEntries) ?? [];
                var options = new ServeOptions(
                    [.. (list.Length > 0 ? list : ["tcp://127.0.0.1:2376"]).Select(ListenerAddress.Parse)],
                    EngineEndpoint.Parse(Given(engine) ?? "unix:///var/run/docker.sock"),
                    new TrustFiles
                    {
                        Policies = Given(policies) ?? Path.Combine(EtcFolder, "policies"),
                        PolicyOptions = new PolicyLoadOptions { Signature = PolicySignature.Of(Given(signature), Given(signedBy)) },
                        AuthorityFile = Given(authority) ?? Path.Combine(folder, "ca.pem"),
                        CertificateFile = Given(certificate) ?? Path.Combine(folder, "server", "cert.pem"),
                        KeyFile = Given(key) ?? Path.Combine(folder, "server", "key.pem"),
                        RevocationFile = Given(crl) ?? (Given(authority) is null ? Path.Combine(folder, "crl.pem") : null),
                        RevocationExpected = Given(crl) is not null,
                    },
                    Given(audit) ?? DefaultAuditLog(),
                    TimeSpan.FromSeconds(10),
                    result.GetValue(debug) ? LogEventLevel.Debug : Level(Given(level) ?? "info"))
                {
                    Audit = AuditLogOptions.Parse(Given(auditSize), Given(auditKeep), result.GetValue(auditAnswers)),
                };
                return Server.RunAsync(options, cancellationToken);
            }
            catch (FormatException e)
            {
                Console.Error.WriteLine($"gateway: {e.Message}");
                return Task.FromResult(ExitCode.Usage);
            }
        });
        return command;
    }

    private static Option<string> Text(string name, string description) => new(name) { Description = description };

    private static string DefaultAuditLog() => Environment.UserName == "root"
        ? "/var/log/docker-gateway/audit.log"
        : Path.Combine(
            Environment.GetEnvironmentVariable("XDG_STATE_HOME") ?? Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".local/state"),
            "docker-gateway/audit.log");

    private static LogEventLevel Level(string name) => name switch
    {
        "debug" => LogEventLevel.Debug,
        "info" => LogEventLevel.Information,
        "warn" => LogEventLevel.Warning,
        "error" or "fatal" => LogEventLevel.Error,
        _ => throw new FormatException($"log level \"{name}\" is not debug, info, warn or error"),
    };
}
