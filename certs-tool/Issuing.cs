using System.Net;

namespace CertsTool;

/// <summary>What a command was told about the certificate to make.</summary>
internal sealed record IssueOptions(PkiFolder Folder, string? Passphrase, string Key);

/// <summary>Makes certificates in the folder: files first under another name, the inventory last.</summary>
internal static class Issuing
{
    /// <summary>So long is the first list good: a list that nobody renews would refuse everybody after a week.</summary>
    public static readonly TimeSpan FirstListValidity = TimeSpan.FromDays(397);

    public static IssuedCertificate Server(IssueOptions options, CertificateAuthority authority, IReadOnlyList<string> hosts)
    {
        var names = hosts.Count > 0 ? hosts : DefaultHosts();
        return Issue(options, authority, CertificateProfile.Server, "server", names[0], [], names, CertificateProfile.Server.Validity);
    }

    public static IssuedCertificate Client(IssueOptions options, CertificateAuthority authority, string name, IReadOnlyList<string> groups, TimeSpan validity)
    {
        // A name with capital letters is allowed in a folder, but the gateway knows users in lower case only.
        List<string> hosts = Uri.CheckHostName(name) == UriHostNameType.Dns && !name.Contains('_', StringComparison.Ordinal) ? [name] : [];
        return Issue(options, authority, CertificateProfile.Client, name, name, groups, hosts, validity);
    }

    private static IssuedCertificate Issue(
        IssueOptions options,
        CertificateAuthority authority,
        CertificateProfile profile,
        string name,
        string commonName,
        IReadOnlyList<string> groups,
        IReadOnlyList<string> hosts,
        TimeSpan validity)
    {
        var folder = options.Folder;
        var inventory = Inventory.Read(folder);
        var bundle = folder.Bundle(profile.Kind, name);
        if (Directory.Exists(bundle))
        {
            throw new ToolException(ToolException.Usage, $"{bundle} exists; nothing is overwritten");
        }

        var issued = authority.Issue(profile, commonName, groups, hosts, validity, options.Key, DateTimeOffset.UtcNow);
        var building = $"{bundle}.{Environment.ProcessId}.new";
        PkiFolder.MakeDirectory(Path.GetDirectoryName(bundle)!);
        PkiFolder.MakeDirectory(building);
        PkiFolder.Write(Path.Combine(building, "key.pem"), PemFile.Key(issued.Key, null), PkiFolder.KeyMode, replace: false);
        PkiFolder.Write(Path.Combine(building, "cert.pem"), PemFile.Certificate(issued.Certificate), PkiFolder.CertificateMode, replace: false);
        if (profile.Kind == "client")
        {
            PkiFolder.Write(Path.Combine(building, "ca.pem"), File.ReadAllText(folder.Authority), PkiFolder.CertificateMode, replace: false);
        }

        Directory.Move(building, bundle);
        inventory.With(CertificateAuthority.Entry(name, profile.Kind, issued.Certificate)).Write(folder);
        return issued;
    }

    private static List<string> DefaultHosts()
    {
        var machine = Environment.MachineName.ToLowerInvariant();
        return [.. new[] { machine, "localhost", IPAddress.Loopback.ToString(), IPAddress.IPv6Loopback.ToString() }.Where(h => h.Length > 0).Distinct()];
    }
}
