using Gateway.Identity;
using Gateway.Policy;
using Gateway.Policy.Files;

namespace Gateway.Trust;

/// <summary>
/// Reads policies, CAs, revocation lists and the server's pair. Each of the three parts is valid as a whole or stays as it was,
/// so that a slip in a policy file does not keep a revocation from taking effect (I60).
/// </summary>
internal sealed class TrustLoader
{
    private const int MaxPem = 1 << 20;
    private readonly TrustFiles files;
    private readonly TrustSnapshot? inForce;
    private readonly DateTimeOffset now;
    private readonly List<string> faults = [];
    private readonly List<string> warnings = [];

    private TrustLoader(TrustFiles files, TrustSnapshot? inForce, DateTimeOffset now) => (this.files, this.inForce, this.now) = (files, inForce, now);

    /// <param name="inForce">What is trusted now; null at the start.</param>
    public static TrustLoad Load(TrustFiles files, TrustSnapshot? inForce, DateTimeOffset now)
    {
        var loader = new TrustLoader(files, inForce, now);
        var policy = loader.Policy() ?? inForce?.Policy;
        var clients = loader.Clients() ?? inForce?.Clients;
        var server = loader.Server() ?? inForce?.Server;
        var snapshot = policy is not null && clients is not null && server is not null && (inForce is not null || loader.faults.Count == 0)
            ? new TrustSnapshot(policy, clients, server)
            : null;
        return new TrustLoad(snapshot, loader.faults, loader.warnings);
    }

    private AccessPolicy? Policy()
    {
        var loaded = PolicyFolder.Load(files.Policies, files.PolicyOptions);
        warnings.AddRange(loaded.Warnings);
        faults.AddRange(loaded.Errors.Select(error => error.ToString()));
        return loaded.Policy;
    }

    private ServerCertificate? Server()
    {
        var server = Try(() => ServerCertificate.Parse(files.CertificateFile, ReadPem(files.CertificateFile), files.KeyFile, ReadPem(files.KeyFile)));
        if (server is not null && (File.GetUnixFileMode(files.KeyFile) & (UnixFileMode.GroupRead | UnixFileMode.OtherRead)) != 0)
        {
            warnings.Add($"{files.KeyFile}: others than its owner can read this key; chmod 0400 {files.KeyFile}");
        }

        return server;
    }

    /// <summary>
    /// CAs and lists are one part: a CA without its list is not trusted yet. Where the CAs do not fit, the lists still count for
    /// those in force.
    /// </summary>
    private ClientTrust? Clients()
    {
        var authorities = Try(() => ClientAuthorities.Parse(files.AuthorityFile, ReadPem(files.AuthorityFile)));
        if ((authorities ?? inForce?.Clients.Authorities) is not { } candidates)
        {
            return null;
        }

        if (Lists(candidates) is var (lists, read) && read)
        {
            return new ClientTrust(candidates, lists, files.StaleListsRefuse);
        }

        if (inForce is null || authorities is null)
        {
            return null;
        }

        var known = faults.Count;
        var (fallback, fits) = Lists(inForce.Clients.Authorities);
        faults.RemoveRange(known, faults.Count - known);
        return fits ? inForce.Clients with { Revoked = fallback } : null;
    }

    /// <summary>The lists for these CAs; null lists, but read, where none were ever configured.</summary>
    private (RevocationLists? Lists, bool Read) Lists(ClientAuthorities authorities)
    {
        var current = inForce?.Clients.Revoked;
        if (files.RevocationFile is not { } file || (!files.RevocationExpected && current is null && !File.Exists(file)))
        {
            warnings.Add("no revocation list is configured: a revoked certificate goes on counting; certs-tool crl writes one");
            return (null, true);
        }

        var lists = Try(() =>
        {
            var read = RevocationLists.Parse(file, ReadBytes(file, CrlFile.MaxBytes), authorities, current);
            return now <= read.NextUpdate || !files.StaleListsRefuse
                ? read
                : throw new FormatException($"{file}: the revocation list's next update was due at {read.NextUpdate:u}; run certs-tool crl, or start with --crl-expired warn");
        });
        return (lists, lists is not null);
    }

    private T? Try<T>(Func<T> read)
        where T : class
    {
        try
        {
            return read();
        }
        catch (Exception e) when (e is FormatException or IOException or UnauthorizedAccessException)
        {
            faults.Add(e.Message);
            return null;
        }
    }

    private static string ReadPem(string file) => System.Text.Encoding.UTF8.GetString(ReadBytes(file, MaxPem));

    private static byte[] ReadBytes(string file, int max)
    {
        if (!File.Exists(file))
        {
            throw new FileNotFoundException($"{file}: no such file; certs-tool makes it");
        }

        using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        var buffer = new MemoryStream();
        stream.CopyTo(buffer);
        return buffer.Length <= max ? buffer.ToArray() : throw new FormatException($"{file}: longer than {max} bytes");
    }
}
