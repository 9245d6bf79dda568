using System.Diagnostics;
using System.Text.Json;
using CertsTool.Certificates;
using CertsTool.Folder;
using Org.BouncyCastle.X509;

namespace CertsTool.Tests.Support;

/// <summary>What a run gave.</summary>
internal sealed record Outcome(int Code, string Output, string Error)
{
    public string All => Output + Error;
}

/// <summary>A CA folder of one test, and the ways to run the tool on it: in this process with any clock, or as a process of its own.</summary>
internal sealed class TestFolder : IDisposable
{
    private readonly string parent = Directory.CreateTempSubdirectory("certs-tool-").FullName;

    public string Path => System.IO.Path.Combine(parent, "pki");

    public PkiFolder Pki => new(Path);

    public MovableClock Clock { get; } = new();

    public string In(params string[] parts) => System.IO.Path.Combine([Path, .. parts]);

    /// <summary>A path beside the folder.</summary>
    public string Beside(string name) => System.IO.Path.Combine(parent, name);

    /// <summary>Runs the tool in this process.</summary>
    public Outcome Tool(params string[] arguments) => Run(80, false, arguments);

    public Outcome ToolOnTerminal(int width, params string[] arguments) => Run(width, true, arguments);

    /// <summary>Runs it and expects that it succeeds.</summary>
    public string Must(params string[] arguments)
    {
        var outcome = Tool(arguments);
        return outcome.Code == 0 ? outcome.All : throw new InvalidOperationException($"certs-tool {string.Join(' ', arguments)}: exit {outcome.Code}: {outcome.All}");
    }

    public string[] ProcessArguments(params string[] arguments) => [System.IO.Path.Combine(AppContext.BaseDirectory, "certs-tool.dll"), .. arguments, "--dir", Path];

    /// <summary>Runs the tool as a process of its own.</summary>
    public Outcome Process(params string[] arguments) => Program("dotnet", ProcessArguments(arguments));

    public static Outcome Program(string program, params string[] arguments)
    {
        using var process = System.Diagnostics.Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true, RedirectStandardInput = true })!;
        process.StandardInput.Close();
        var error = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return new Outcome(process.ExitCode, output, error.GetAwaiter().GetResult());
    }

    public static Outcome OpenSsl(params string[] arguments) => Program("openssl", arguments);

    /// <summary>A request as openssl makes it, beside the folder.</summary>
    public string Request(string name, string subject, string[] key, params string[] more)
    {
        var file = Beside(name);
        var made = OpenSsl(["req", "-new", "-nodes", .. key, "-keyout", file + ".key", "-subj", subject, "-out", file, .. more]);
        return made.Code == 0 ? file : throw new InvalidOperationException(made.Error);
    }

    public X509Certificate Certificate(params string[] parts) => PemFile.ReadCertificate(In(parts));

    public Inventory Inventory => CertsTool.Folder.Inventory.Read(Pki);

    public JsonElement[] Listed(params string[] arguments)
    {
        using var document = JsonDocument.Parse(Tool([.. new[] { "list", "--format", "json" }, .. arguments]).Output);
        return [.. document.RootElement.Clone().EnumerateArray()];
    }

    /// <summary>Every file with its bytes, to see that nothing changed.</summary>
    public string Fingerprint() => string.Join('\n', Directory.EnumerateFiles(Path, "*", SearchOption.AllDirectories).Where(file => !file.EndsWith("/.lock", StringComparison.Ordinal)).Order(StringComparer.Ordinal)
        .Select(file => $"{file} {Convert.ToHexString(System.Security.Cryptography.SHA256.HashData(File.ReadAllBytes(file)))}"));

    public void Dispose() => Directory.Delete(parent, recursive: true);

    private Outcome Run(int width, bool colour, string[] arguments)
    {
        using var output = new StringWriter();
        using var error = new StringWriter();
        var code = CommandLine.Run([.. arguments, "--dir", Path], new Session(new Terminal(output, error, width, colour), Clock));
        return new Outcome(code, output.ToString(), error.ToString());
    }
}

/// <summary>The time, moved by the test.</summary>
internal sealed class MovableClock : TimeProvider
{
    public TimeSpan Ahead { get; set; }

    public DateTimeOffset? At { get; set; }

    public override DateTimeOffset GetUtcNow() => At ?? System.GetUtcNow() + Ahead;
}
