using System.Diagnostics;

namespace Gateway.EndToEnd.Support;

/// <summary>
/// Folders of the host that a role is granted, as the engine sees them: <c>data/carol</c> belongs to carol's local account in a
/// folder of root's; <c>open/target</c> lies where that account can put anything in its place. <c>secret</c> is nobody's to see.
/// </summary>
internal sealed class BindFolder : IDisposable
{
    public const string Root = "/srv/gateway-e2e-binds";

    /// <summary>The role of carol.</summary>
    public const string Policy = """
        version: 1
        roles:
          binder:
            rules:
              - {id: own, allow: ["Container*", "Exec*", "Volume*", "Network*", PutContainerArchive, "System*", "Image*"]}
            grants:
              images: ["docker.io/library/*"]
              networks: [bridge, none, own]
              devices: [/dev/null, /dev/shm, /dev/stdin, /dev/no-such-device]
              binds:
                - {source: "/srv/gateway-e2e-binds/data/${user}", access: rw, setuid: accepted}
                - {source: /srv/gateway-e2e-binds/open/target, access: rw, setuid: accepted}
                - {source: /srv/gateway-e2e-binds/link, access: ro}
                - {source: /srv/gateway-e2e-binds/missing, access: ro}
                - {source: /srv/gateway-e2e-binds/readable, access: ro}
                - {source: /srv/gateway-e2e-binds/file, access: ro}
                - {source: "/srv/gateway-e2e-binds/inside/${user}", access: rw, inside: true, setuid: accepted}
                - {source: /srv/gateway-e2e-binds/shared, access: ro, inside: true}
        users:
          carol: {roles: [binder]}

        """;

    private const string LocalAccount = "1000";

    private readonly string onThisHost;

    private BindFolder(string onThisHost) => this.onThisHost = onThisHost;

    public static async Task<BindFolder> CreateAsync(GatewayHost host)
    {
        var folder = new BindFolder(host.EngineRoot + Root);
        folder.Dispose();
        var made = await Run.Async("/bin/bash", ["-euc", $$"""
            umask 022
            mkdir -p {{folder.onThisHost}}
            cd {{folder.onThisHost}}
            mkdir -p data/carol open/target secret/er readable inside/carol/project inside/carol/deep/er shared/a
            echo secret > secret/marker; echo carol > data/carol/marker; echo target > open/target/marker; echo readable > readable/marker; echo file > file
            echo secret > secret/er/marker; echo inside > inside/carol/marker; echo project > inside/carol/project/marker; echo deeper > inside/carol/deep/er/marker
            echo file > inside/carol/file; echo shared > shared/a/marker
            ln -s secret link; ln -s {{Root}}/secret inside/carol/out; ln -s ../../secret inside/carol/relative; ln -s {{Root}}/secret/marker inside/carol/out-file
            chown -hR {{LocalAccount}}:{{LocalAccount}} data/carol open inside/carol
            """]);
        return made.ExitCode == 0 ? folder : throw new InvalidOperationException(made.Whole);
    }

    /// <summary>A process of the local account that swaps, as fast as it can, all that it can: the granted folder in its own, and what is in the granted one.</summary>
    public Process Swap() => Process.Start(new ProcessStartInfo("setpriv", ["--reuid", LocalAccount, "--regid", LocalAccount, "--clear-groups", "/bin/bash", "-c", $$"""
        cd {{onThisHost}}
        while :; do
          mv -T open/target open/kept 2>/dev/null; ln -sfn {{Root}}/secret open/target; ln -sfn {{Root}}/secret data/carol/sub; mv -T data/carol data/other 2>/dev/null
          rm -f open/target; mv -T open/kept open/target 2>/dev/null; rm -f data/carol/sub
        done
        """])
    { RedirectStandardError = true })!;

    /// <summary>A process of the local account that exchanges paths inside its granted folder with links out of it, each in one step (renameat2(2)).</summary>
    public Process SwapInside() => Process.Start(new ProcessStartInfo("setpriv", ["--reuid", LocalAccount, "--regid", LocalAccount, "--clear-groups", "perl", "-e", $$"""
        chdir "{{onThisHost}}/inside/carol" or die;
        my $call = `uname -m` =~ /x86_64/ ? 316 : 276;
        my @pairs = (["project", "out"], ["deep", "relative"], ["file", "out-file"]);
        while (1) { for my $pair (@pairs) { my ($one, $other) = @$pair; syscall($call, -100, $one, -100, $other, 2) == 0 or die "$!"; } }
        """])
    { RedirectStandardError = true })!;

    /// <summary>Where that lies on this host, below <see cref="Root"/>.</summary>
    public string Path(string below) => $"{onThisHost}/{below}";

    public string Read(string below) => File.ReadAllText(Path(below));

    public void Dispose()
    {
        if (Directory.Exists(onThisHost))
        {
            Directory.Delete(onThisHost, recursive: true);
        }
    }
}
