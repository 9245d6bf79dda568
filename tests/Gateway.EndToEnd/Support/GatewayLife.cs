using System.Diagnostics;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Gateway.EndToEnd.Support;

/// <summary>What happens to a gateway while it runs: users and certificates come and go, files are exchanged, and what it says of itself.</summary>
internal static class GatewayLife
{
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan Hang = TimeSpan.FromSeconds(60);

    /// <summary>A developer of that name with a certificate, known to the gateway when this returns.</summary>
    public static async Task AddUserAsync(this GatewayHost host, string name)
    {
        if (!Directory.Exists(Path.GetDirectoryName(host.ClientFile(name, "cert.pem"))))
        {
            await host.CertsToolAsync("client", name);
        }

        await host.WritePolicyAsync($"user-{name}.yaml", $"version: 1\nusers:\n  {name}: {{roles: [developer]}}\n");
        await host.UntilAsync(() => host.Docker(name, "version"), r => r.ExitCode == 0);
    }

    public static Task WritePolicyAsync(this GatewayHost host, string file, string text)
    {
        var written = Path.Combine(host.Policies, file + ".new");
        File.WriteAllText(written, text);
        File.Move(written, Path.Combine(host.Policies, file), overwrite: true);
        return Task.CompletedTask;
    }

    /// <summary>A certificate of the CA for that client that ends soon, in the place of its own.</summary>
    public static void Reissue(this GatewayHost host, string client, TimeSpan validity)
    {
        using var certificate = Issue(host, client, validity);
        foreach (var (file, text) in new[] { ("cert.pem", certificate.ExportCertificatePem()), ("key.pem", certificate.GetECDsaPrivateKey()!.ExportPkcs8PrivateKeyPem()) })
        {
            File.Delete(host.ClientFile(client, file));
            File.WriteAllText(host.ClientFile(client, file), text);
        }
    }

    /// <summary>A certificate of the CA for that client, with its key, that no file holds.</summary>
    public static X509Certificate2 Certificate(this GatewayHost host, string client) => Issue(host, client, TimeSpan.FromDays(1));

    private static X509Certificate2 Issue(GatewayHost host, string client, TimeSpan validity)
    {
        using var authority = X509Certificate2.CreateFromPemFile(Path.Combine(host.Pki, "ca.pem"), Path.Combine(host.Pki, "ca-key.pem"));
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN={client}", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid("1.3.6.1.5.5.7.3.2")], false));
        using var certificate = request.Create(authority, DateTimeOffset.UtcNow.AddMinutes(-1), DateTimeOffset.UtcNow + validity, RandomNumberGenerator.GetBytes(15));
        return certificate.CopyWithPrivateKey(key);
    }

    /// <summary>The lines of the audit log.</summary>
    public static IReadOnlyList<string> Records(this GatewayHost host)
    {
        using var reader = new StreamReader(new FileStream(host.AuditLog, FileMode.Open, FileAccess.Read, FileShare.ReadWrite));
        return reader.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries);
    }

    /// <param name="what">For the message where it never is.</param>
    public static Task<(string What, int Found)> UntilRecordedAsync(this GatewayHost host, string what, Func<string, bool> record, int count) =>
        host.UntilAsync(() => Task.FromResult((what, host.Records().Count(record))), found => found.Item2 >= count);

    /// <summary>Asks again until the answer is the one that is waited for.</summary>
    public static async Task<T> UntilAsync<T>(this GatewayHost host, Func<Task<T>> ask, Func<T, bool> done)
    {
        var since = Stopwatch.StartNew();
        while (true)
        {
            var answer = await ask();
            if (done(answer))
            {
                return answer;
            }

            if (since.Elapsed > Hang)
            {
                throw new TimeoutException($"still {answer}; the gateway's log:\n{host.Log}\nand its last records:\n{string.Join('\n', host.Records().TakeLast(20))}");
            }

            await Task.Delay(Look);
        }
    }

    /// <summary>A shell as that user, which goes on running.</summary>
    public static Process StartShell(this GatewayHost host, string user, string script)
    {
        var start = new ProcessStartInfo("/bin/bash", ["-c", script]) { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var (name, value) in host.Environment(user))
        {
            start.Environment[name] = value;
        }

        return Process.Start(start)!;
    }
}
