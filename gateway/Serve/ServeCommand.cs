using System.CommandLine;
using System.Net;
using Gateway.Audit;
using Gateway.Forwarding;
using Gateway.Listeners;
using Gateway.Policy.Files;
using Gateway.Policy.Files.Values;
using Gateway.Requests;
using Gateway.Status;
using Gateway.Trust;
using Serilog.Events;

namespace Gateway.Serve;

/// <summary><c>gateway serve</c>: its flags are dockerd's where dockerd has one; each has an environment variable and a key in the file.</summary>
internal static class ServeCommand
{
    private const string EtcFolder = "/etc/docker-gateway";

    private static readonly Option<string[]> Hosts = new("--host", "-H") { Description = "where to listen: tcp://ADDRESS:PORT or :PORT, with client certificates; unix:///PATH or systemd's fd://, by local account; several times (default tcp://127.0.0.1:2376)" };
    private static readonly Option<string> Group = new("--group", "-G") { Description = "local group whose accounts may connect to unix:// sockets (default the gateway's own group)" };
    private static readonly Option<string> Engine = Text("--engine", "the engine's Unix socket (default unix:///var/run/docker.sock)");
    private static readonly Option<string> Policies = Text("--policies", $"folder of the policy files (default {EtcFolder}/policies)");
    private static readonly Option<string> Signature = Text("--policies-signature", "signature that the policy files must carry, made by gateway policy sign");
    private static readonly Option<string> SignedBy = Text("--policies-key", "public key, PEM, that the policies' signature is checked by");
    private static readonly Option<string> Pki = Text("--pki", $"folder that certs-tool made (default {EtcFolder}/pki)");
    private static readonly Option<string> Authority = Text("--tlscacert", "CA that client certificates chain to");
    private static readonly Option<string> Certificate = Text("--tlscert", "the server's certificate");
    private static readonly Option<string> Key = Text("--tlskey", "the server's key");
    private static readonly Option<string> Crl = Text("--crl", "the CA's revocation list, PEM or DER; with several CAs one list for each, PEM");
    private static readonly Option<string> CrlExpired = Text("--crl-expired", "what a revocation list past its next update does: refuse everybody (default), or warn");
    private static readonly Option<string> Audit = Text("--audit-log", "audit log file (default /var/log/docker-gateway/audit.log, or below the state folder for other accounts than root)");
    private static readonly Option<string> AuditSize = Text("--audit-max-size", "begin a new audit log file after this many bytes, as in 100m (default never)");
    private static readonly Option<string> AuditKeep = Text("--audit-keep", "older audit log files to keep (default 10)");
    private static readonly Option<bool> AuditAnswers = new("--audit-answers") { Description = "one more record for each answered plain call: status, duration, bytes" };
    private static readonly Option<string[]> Learn = new("--learn") { Description = "marks in the audit log what of this user's denied requests a wider role would let through, for gateway policy learn; lets nothing through (several times)" };
    private static readonly Option<string> ShutdownTimeout = Text("--shutdown-timeout", "how long streams may go on after SIGTERM (default 10s)");
    private static readonly Option<string> MetricsListen = Text("--metrics-listen", "ADDRESS:PORT for /_gateway/healthz and /_gateway/metrics, plain HTTP (default: not served; :PORT is on loopback)");
    private static readonly Option<string> ControlSocket = Text("--control-socket", "the socket that gateway status asks (default in /run/docker-gateway, or below XDG_RUNTIME_DIR for other accounts than root)");
    private static readonly Option<string> ConfigFile = Text("--config-file", $"settings, flags without dashes as keys (default {ServeSettings.DefaultFile})");
    private static readonly Option<bool> Debug = new("--debug", "-D") { Description = "log more" };
    private static readonly Option<string> LogLevel = new("--log-level", "-l") { Description = "debug, info, warn or error" };

    public static Command Create()
    {
        var command = new Command("serve", "Runs the gateway. Example: gateway serve -H tcp://127.0.0.1:2376 --pki /etc/docker-gateway/pki --policies /etc/docker-gateway/policies")
        {
            Hosts, Group, Engine, Policies, Signature, SignedBy, Pki, Authority, Certificate, Key, Crl, CrlExpired, Audit, AuditSize, AuditKeep, AuditAnswers, Learn, ShutdownTimeout, MetricsListen, ControlSocket, ConfigFile, Debug, LogLevel,
        };
        command.SetAction((result, cancellationToken) =>
        {
            try
            {
                return Server.RunAsync(Read(ServeSettings.Of(result, ConfigFile, command.Options)), cancellationToken);
            }
            catch (SettingsException e)
            {
                foreach (var problem in e.Problems)
                {
                    Console.Error.WriteLine($"gateway: {problem}");
                }

                return Task.FromResult(e.ExitCode);
            }
            catch (FormatException e)
            {
                Console.Error.WriteLine($"gateway: {e.Message}");
                return Task.FromResult(ExitCode.Usage);
            }
        });
        return command;
    }

    /// <summary>
    /// What the policy commands judge policies against: the files and limits of a gateway that runs here by environment and gateway.yaml. The
    /// signature is that of the environment alone, so that a draft can be judged before it is signed.
    /// </summary>
    /// <exception cref="SettingsException">gateway.yaml is not valid.</exception>
    /// <exception cref="FormatException">A setting of the environment is not valid.</exception>
    public static PolicyLoadOptions PolicyOptions()
    {
        var command = Create();
        return Read(ServeSettings.Of(command.Parse([]), ConfigFile, command.Options)).TrustFiles.PolicyOptions with { Signature = PolicySignature.FromEnvironment() };
    }

    private static ServeOptions Read(ServeSettings settings) => new(
        new ListenerOptions(settings.List(Hosts, ListenerAddress.Parse, otherwise: "tcp://127.0.0.1:2376"), settings.Text(Group)),
        settings.Value(Engine, EngineEndpoint.Parse) ?? EngineEndpoint.Parse("unix:///var/run/docker.sock"),
        ReadTrust(settings),
        settings.Text(Audit) ?? DefaultAuditLog(),
        settings.Value<TimeSpan?>(ShutdownTimeout, text => ServeSettings.Duration(text)) ?? TimeSpan.FromSeconds(10),
        new StatusOptions(settings.Value(MetricsListen, ParseMetricsAddress), settings.Text(ControlSocket)),
        settings.Flag(Debug) ? LogEventLevel.Debug : settings.Value<LogEventLevel?>(LogLevel, text => ParseLevel(text)) ?? LogEventLevel.Information)
    {
        Learned = new LearnedUsers(settings.List(Learn, ParseUser)),
        Audit = AuditLogOptions.Parse(settings.Text(AuditSize), settings.Text(AuditKeep), settings.Flag(AuditAnswers)),
        ConfigFile = settings.Text(ConfigFile) ?? ServeSettings.DefaultFile,
        SignatureFiles = [settings.Text(Signature), settings.Text(SignedBy)],
    };

    private static TrustFiles ReadTrust(ServeSettings settings)
    {
        var folder = settings.Text(Pki) ?? Path.Combine(EtcFolder, "pki");
        var (authority, crl) = (settings.Text(Authority), settings.Text(Crl));
        return new TrustFiles
        {
            Policies = settings.Text(Policies) ?? Path.Combine(EtcFolder, "policies"),
            PolicyOptions = new PolicyLoadOptions { OthersMayWrite = false, Limits = settings.Limits, Signature = PolicySignature.Of(settings.Text(Signature), settings.Text(SignedBy)) },
            AuthorityFile = authority ?? Path.Combine(folder, "ca.pem"),
            CertificateFile = settings.Text(Certificate) ?? Path.Combine(folder, "server", "cert.pem"),
            KeyFile = settings.Text(Key) ?? Path.Combine(folder, "server", "key.pem"),
            RevocationFile = crl ?? (authority is null ? Path.Combine(folder, "crl.pem") : null),
            RevocationExpected = crl is not null,
            StaleListsRefuse = settings.Value<bool?>(CrlExpired, text => ParseCrlExpired(text)) ?? true,
        };
    }

    private static Option<string> Text(string name, string description) => new(name) { Description = description };

    private static string DefaultAuditLog() => Environment.UserName == "root"
        ? "/var/log/docker-gateway/audit.log"
        : Path.Combine(
            Environment.GetEnvironmentVariable("XDG_STATE_HOME") ?? Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".local/state"),
            "docker-gateway/audit.log");

    private static string ParseUser(string text) => PolicyName.TryParseUser(text, out var name, out var problem) ? name : throw new FormatException(problem);

    private static IPEndPoint ParseMetricsAddress(string text) =>
        IPEndPoint.TryParse(text.StartsWith(':') ? "127.0.0.1" + text : text, out var address) && address.Port > 0
            ? address
            : throw new FormatException($"\"{text}\" is not ADDRESS:PORT; write 127.0.0.1:9323");

    private static bool ParseCrlExpired(string text) => text switch
    {
        "refuse" => true,
        "warn" => false,
        _ => throw new FormatException($"\"{text}\" is neither refuse nor warn"),
    };

    private static LogEventLevel ParseLevel(string name) => name switch
    {
        "debug" => LogEventLevel.Debug,
        "info" => LogEventLevel.Information,
        "warn" => LogEventLevel.Warning,
        "error" or "fatal" => LogEventLevel.Error,
        _ => throw new FormatException($"log level \"{name}\" is not debug, info, warn or error"),
    };
}
