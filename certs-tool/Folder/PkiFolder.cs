namespace CertsTool.Folder;

/// <summary>The folder of the CA: where each file lies and with which mode.</summary>
internal sealed class PkiFolder(string path)
{
    public const UnixFileMode DirectoryMode = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;
    public const UnixFileMode KeyMode = UnixFileMode.UserRead;
    public const UnixFileMode CertificateMode = UnixFileMode.UserRead | UnixFileMode.GroupRead | UnixFileMode.OtherRead;
    public const UnixFileMode InventoryMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    public const UnixFileMode OthersMayWrite = UnixFileMode.GroupWrite | UnixFileMode.OtherWrite;
    public const UnixFileMode OthersMayAnything = OthersMayWrite | UnixFileMode.GroupRead | UnixFileMode.GroupExecute | UnixFileMode.OtherRead | UnixFileMode.OtherExecute;

    public string Path => path;

    /// <summary>The CA that signs, and after it the one that a rotation replaces until it is finished.</summary>
    public string Authority => In("ca.pem");

    public string AuthorityKey => In("ca-key.pem");

    /// <summary>The replaced CA's key, which still signs that CA's revocation list; there only while a rotation is under way.</summary>
    public string OldAuthorityKey => In("old-ca-key.pem");

    public string RevocationList => In("crl.pem");

    public string Inventory => In("inventory.json");

    public string LockFile => In(".lock");

    /// <summary>A change that is not decided yet: nothing of it counts.</summary>
    public string Preparing => In(".preparing");

    /// <summary>A change that is decided: every file of it lies ready and only has to be moved to its place.</summary>
    public string Committed => In(".committed");

    public Bundle Server => new("server", "server", In("server"));

    /// <summary>The server's bundle and every client's that is there.</summary>
    public IEnumerable<Bundle> Bundles => new[] { Server }.Where(server => Directory.Exists(server.Path)).Concat(Clients);

    private IEnumerable<Bundle> Clients => Directory.Exists(In("clients"))
        ? Directory.GetDirectories(In("clients")).Order(StringComparer.Ordinal).Select(directory => new Bundle("client", System.IO.Path.GetFileName(directory), directory))
        : [];

    public static string Default => Environment.UserName == "root"
        ? "/etc/docker-gateway/pki"
        : System.IO.Path.Combine(
            Environment.GetEnvironmentVariable("XDG_DATA_HOME") is { Length: > 0 } data ? data : System.IO.Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".local/share"),
            "docker-gateway/pki");

    public string In(params string[] parts) => System.IO.Path.Combine([path, .. parts]);

    /// <summary>Where a copy of every certificate stays, so that one that a renewal replaced can still be seen and revoked.</summary>
    public string Issued(string serial) => In("issued", $"{serial}.pem");

    /// <summary>Where the last list of a CA that was rotated out stays: what it revoked is known by it alone if the inventory is lost.</summary>
    public string LastList(string authoritySerial) => In("issued", $"{authoritySerial}.crl");

    public Bundle Bundle(string kind, string name) => kind == "server" ? Server : new Bundle(kind, name, In("clients", name));

    /// <summary>The bundle of a name as commands take it: <c>server</c> or a client's.</summary>
    /// <exception cref="ToolException">The text is no name.</exception>
    public Bundle Named(string name) => name == "server" ? Server : Bundle("client", Names.Check(name));

    public ToolException HasNoAuthority() => new(ToolException.Usage, $"{path} holds no CA\nmake one with: certs-tool init --dir {path}");
}

/// <summary>The files of one holder: for a client exactly a DOCKER_CERT_PATH.</summary>
internal sealed record Bundle(string Kind, string Name, string Path)
{
    public string Certificate => System.IO.Path.Combine(Path, "cert.pem");

    public string Key => System.IO.Path.Combine(Path, "key.pem");

    public string Authority => System.IO.Path.Combine(Path, "ca.pem");

    /// <summary>How a person names it in a command.</summary>
    public string Argument => Kind == "server" ? "server" : Name;
}
