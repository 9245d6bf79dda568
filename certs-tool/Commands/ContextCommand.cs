using System.CommandLine;
using System.ComponentModel;
using System.Diagnostics;
using System.Text.RegularExpressions;
using CertsTool.Certificates;
using CertsTool.Folder;

namespace CertsTool.Commands;

/// <summary><c>context NAME --host tcp://…</c>: docker's own way to keep an address and a client's certificate under a name.</summary>
internal static partial class ContextCommand
{
    public static Command Create(CommonOptions common)
    {
        var name = new Argument<string>("NAME") { Description = "a client's name" };
        var host = new Option<string>("--host") { HelpName = "tcp://HOST:PORT", Description = "where the gateway listens", Required = true };
        var install = new Option<bool>("--install") { Description = "make the context, instead of printing the command" };
        return common.Make("context", "Prints the command that makes a docker context for a client, or runs it", "certs-tool context alice --host tcp://docker.example.com:2376 --install", [name, host, install], result =>
        {
            var terminal = common.Session.Terminal;
            var folder = common.Folder(result);
            var bundle = folder.Bundle("client", Names.CheckClient(result.GetValue(name)!));
            var address = Address(CommonOptions.Text(result, host) ?? "");
            foreach (var file in new[] { bundle.Authority, bundle.Certificate, bundle.Key }.Where(file => !File.Exists(file)))
            {
                throw new ToolException(ToolException.Usage, $"{file}: missing\nmake the bundle with: certs-tool client {bundle.Name}");
            }

            WarnOfHost(terminal, folder, address);
            var context = ContextName(bundle.Name);
            var endpoint = string.Join(',', new[] { $"host={address.GetLeftPart(UriPartial.Authority)}", $"ca={bundle.Authority}", $"cert={bundle.Certificate}", $"key={bundle.Key}" }.Select(CsvField));
            if (!result.GetValue(install))
            {
                terminal.Print($"docker context create {context} --docker {ShellWord(endpoint)}");
                return 0;
            }

            var verb = Existing(context) switch
            {
                null => "create",
                var at when at == address.GetLeftPart(UriPartial.Authority) => "update",
                var at => throw new ToolException(ToolException.Usage, $"docker has a context \"{context}\" already, for {Terminal.Plain(at)}; nothing is overwritten\nremove it with: docker context rm {context}"),
            };
            var (code, _, error) = Docker("context", verb, context, "--docker", endpoint);
            if (code != 0)
            {
                throw new ToolException(ToolException.Found, $"docker context {verb} failed: {Terminal.Plain(error.Trim())}");
            }

            terminal.Print($"{(verb == "create" ? "made" : "renewed")} the docker context \"{context}\"; it holds copies of the files, so run this again after a renewal");
            terminal.Print($"next: docker --context {context} ps");
            return 0;
        });
    }

    /// <exception cref="ToolException">The text is no address with host and port.</exception>
    private static Uri Address(string text) =>
        Uri.TryCreate(text, UriKind.Absolute, out var uri) && uri is { Scheme: "tcp", Port: > 0, UserInfo: "", PathAndQuery: "/" or "" } && uri.Host.Length > 0 && !text.Any(char.IsControl)
            ? uri
            : throw new ToolException(ToolException.Usage, $"\"{Terminal.Plain(text)}\" is not an address such as tcp://docker.example.com:2376");

    private static void WarnOfHost(Terminal terminal, PkiFolder folder, Uri address)
    {
        if (File.Exists(folder.Server.Certificate) && CertificateFacts.Hosts(PemFile.ReadCertificate(folder.Server.Certificate)) is var hosts && !hosts.Contains(address.IdnHost, StringComparer.OrdinalIgnoreCase))
        {
            terminal.Note($"warning: the server's certificate is for {string.Join(", ", hosts)}, not for {address.IdnHost}: docker will refuse it\ngive it that name with: certs-tool renew server{string.Concat(hosts.Select(host => $" --host {host}"))} --host {address.IdnHost}");
        }
    }

    /// <summary>Docker wants two characters at least, a letter or digit first, and keeps "default" for itself.</summary>
    private static string ContextName(string name) => DockerName().IsMatch(name) && name != "default" ? name : $"gateway-{name}";

    // docker reads the value as a line of CSV.
    private static string CsvField(string field) => field.AsSpan().ContainsAny(',', '"') ? $"\"{field.Replace("\"", "\"\"", StringComparison.Ordinal)}\"" : field;

    private static string ShellWord(string text) => Harmless().IsMatch(text) ? text : $"'{text.Replace("'", "'\\''", StringComparison.Ordinal)}'";

    /// <summary>The address of docker's context of that name; null where there is none.</summary>
    private static string? Existing(string context)
    {
        var (code, output, _) = Docker("context", "inspect", context, "--format", "{{.Endpoints.docker.Host}}");
        return code == 0 ? output.Trim() : null;
    }

    private static (int Code, string Output, string Error) Docker(params string[] arguments)
    {
        try
        {
            using var process = Process.Start(new ProcessStartInfo("docker", arguments) { RedirectStandardOutput = true, RedirectStandardError = true, RedirectStandardInput = true })!;
            process.StandardInput.Close();
            var error = process.StandardError.ReadToEndAsync();
            var output = process.StandardOutput.ReadToEnd();
            process.WaitForExit();
            return (process.ExitCode, output, error.GetAwaiter().GetResult());
        }
        catch (Win32Exception e)
        {
            throw new ToolException(ToolException.Found, $"docker cannot be run here: {e.Message}\nwithout --install this prints the command, to run where docker is");
        }
    }

    [GeneratedRegex(@"\A[a-zA-Z0-9][a-zA-Z0-9_.+-]+\z")]
    private static partial Regex DockerName();

    [GeneratedRegex(@"\A[A-Za-z0-9_./:=,@+-]+\z")]
    private static partial Regex Harmless();
}
