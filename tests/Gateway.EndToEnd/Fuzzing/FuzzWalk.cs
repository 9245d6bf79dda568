using System.Globalization;
using Gateway.EngineApi;

namespace Gateway.EndToEnd.Fuzzing;

/// <summary>
/// Several requests over the same few objects, by two users: what is made, started, entered, committed, built from, joined, renamed and
/// removed, so that a name is looked up later than it was judged. Now and then two requests are sent at once.
/// </summary>
internal sealed class FuzzWalk
{
    private readonly Dice dice;
    private readonly Names[] users;
    private readonly string[] containers;
    private readonly string volume;
    private readonly string network;

    private FuzzWalk(Dice dice, int seed, Names names, Names mates)
    {
        this.dice = dice;
        var tag = $"fz{(seed % 100_000).ToString(CultureInfo.InvariantCulture)}";

        // One name for everybody, one that begins like it, one that reads like the beginning of another's id.
        containers = [tag, tag + "b", dice.Of(names.Others["container"])];
        (volume, network) = (tag + "v", tag + "n");
        users = [With(names, tag), With(mates, tag)];
    }

    public static List<FuzzStep> Steps(Dice dice, int seed, Names names, Names mates)
    {
        var walk = new FuzzWalk(dice, seed, names, mates);
        return dice.OneIn(3) ? walk.Chain() : walk.Anyhow();
    }

    // What the walk makes, beside what there is.
    private Names With(Names names, string tag) => names with
    {
        Own = new Dictionary<string, IReadOnlyList<string>>(names.Own.ToDictionary(own => own.Key, own => own.Value))
        {
            ["container"] = [containers[0], containers[1], containers[0], names.Own["container"][0]],
            ["volume"] = [volume, volume, names.Own["volume"][0]],
            ["network"] = [network, network, names.Own["network"][0]],
            ["image"] = [$"localhost/{names.User}/{tag}", "busybox"],
        },
    };

    /// <summary>From the create to what is built out of it, with a rename or a removal anywhere.</summary>
    private List<FuzzStep> Chain()
    {
        List<FuzzStep> steps =
        [
            Make("VolumeCreate", 0), Make("NetworkCreate", 0), Make("ContainerCreate", 0), Make("ContainerStart", 0), Make("ContainerExec", 0), Make("ExecStart", 0), Make("ContainerLogs", 0), Make("ImageCommit", 0), Make("ImageBuild", 0), Make("ContainerCreate", 0), Make("NetworkConnect", 0), Make("ContainerStart", 0),
        ];
        for (var more = dice.Below(4); more > 0; more--)
        {
            steps.Insert(1 + dice.Below(steps.Count), Make(dice.Of((string[])["ContainerRename", "ContainerDelete", "NetworkDelete", "VolumeDelete", "ImageDelete", "ImageTag", "ContainerRestart", "NetworkCreate", "VolumeCreate"]), dice.Below(2)));
        }

        return steps;
    }

    private List<FuzzStep> Anyhow() => [.. Enumerable.Range(0, 3 + dice.Below(9)).Select(_ => Make(
        dice.Of((string[])["ContainerCreate", "ContainerCreate", "ContainerCreate", "ContainerStart", "ContainerStart", "ContainerRestart", "ContainerRename", "ContainerRename", "ContainerDelete", "ContainerExec", "ExecStart", "ContainerUpdate", "ContainerArchive", "PutContainerArchive", "ContainerAttach", "VolumeCreate", "VolumeDelete", "NetworkCreate", "NetworkCreate", "NetworkDelete", "NetworkDelete", "NetworkConnect", "NetworkDisconnect", "ImageCommit", "ImageTag", "ImageTag", "ImageDelete", "ImageBuild", "ContainerInspect", "ContainerLogs"]),
        dice.OneIn(3) ? 1 : 0))];

    private FuzzStep Make(string operation, int user)
    {
        var names = users[user];
        var bytes = dice.OneIn(6) ? FuzzCase.One(dice, names, OperationCatalogue.Get(operation)) : Ordinary(operation, names);
        return new FuzzStep(operation, user, bytes, dice.OneIn(4));
    }

    private string Ordinary(string operation, Names names)
    {
        var (container, other, image) = (dice.Of(containers), dice.Of(containers), names.Own["image"][0]);
        var (volumeName, networkName) = (dice.OneIn(8) ? dice.Of(names.Others["volume"]) : volume, dice.OneIn(8) ? dice.Of(names.Others["network"]) : network);
        return operation switch
        {
            "ContainerCreate" => FuzzCase.Plain("POST", $"/containers/create?name={container}", Container(image, other, volumeName, networkName)),
            "ContainerStart" or "ContainerRestart" => FuzzCase.Plain("POST", $"/v1.41/containers/{container}/{(operation == "ContainerStart" ? "start" : "restart?t=0")}"),
            "ContainerRename" => FuzzCase.Plain("POST", $"/v1.41/containers/{container}/rename?name={dice.Of((string[])[other, other, volume, network, names.Own["container"][3], "fz-bob-x"])}"),
            "ContainerDelete" => FuzzCase.Plain("DELETE", $"/v1.41/containers/{container}?force=1{(dice.OneIn(2) ? "&v=1" : "")}"),
            "ContainerExec" => FuzzCase.Plain("POST", $"/v1.41/containers/{container}/exec", "{\"User\":\"1000:1000\",\"AttachStdout\":true,\"Cmd\":[\"sh\",\"-c\",\"env; cat /h/marker /v/marker; ls /h\"]}"),
            "ExecStart" => FuzzCase.Plain("POST", "/v1.41/exec/@X/start", "{\"Detach\":false,\"Tty\":false}"),
            "ContainerUpdate" => FuzzCase.Plain("POST", $"/v1.41/containers/{container}/update", dice.Of((string[])["{\"Memory\":67108864,\"MemorySwap\":67108864}", "{\"PidsLimit\":20}", "{\"RestartPolicy\":{\"Name\":\"always\"}}"])),
            "ContainerArchive" => FuzzCase.Plain("GET", $"/v1.41/containers/{container}/archive?path={dice.Of((string[])["/h", "/h/marker", "/v", "/etc/hosts", "/proc/self/environ"])}"),
            "PutContainerArchive" => FuzzCase.Plain("PUT", $"/v1.41/containers/{container}/archive?path={dice.Of((string[])["/", "/tmp", "/h", "/h/link"])}", TarGrammar.Upload(dice), "application/x-tar"),
            "ContainerAttach" => FuzzCase.Plain("POST", $"/v1.41/containers/{container}/attach?logs=1&stdout=1&stderr=1"),
            "ContainerInspect" => FuzzCase.Plain("GET", $"/v1.41/containers/{container}/json"),
            "ContainerLogs" => FuzzCase.Plain("GET", $"/v1.41/containers/{container}/logs?stdout=1&stderr=1"),
            "VolumeCreate" => FuzzCase.Plain("POST", "/v1.41/volumes/create", $"{{\"Name\":\"{volumeName}\"}}"),
            "VolumeDelete" => FuzzCase.Plain("DELETE", $"/v1.41/volumes/{volumeName}"),
            "NetworkCreate" => FuzzCase.Plain("POST", "/v1.41/networks/create", $"{{\"Name\":\"{dice.Of((string[])[networkName, network, container])}\"}}"),
            "NetworkDelete" => FuzzCase.Plain("DELETE", $"/v1.41/networks/{networkName}"),
            "NetworkConnect" => FuzzCase.Plain("POST", $"/v1.41/networks/{dice.Of((string[])[networkName, "bridge", "fz-shared"])}/connect", $"{{\"Container\":\"{container}\"}}"),
            "NetworkDisconnect" => FuzzCase.Plain("POST", $"/v1.41/networks/{networkName}/disconnect", $"{{\"Container\":\"{container}\",\"Force\":true}}"),
            "ImageCommit" => FuzzCase.Plain("POST", $"/v1.41/commit?container={container}&repo={image}&pause=0", dice.OneIn(2) ? "{}" : "{\"Labels\":{\"a\":\"b\"},\"Volumes\":{\"/h\":{}}}"),
            "ImageTag" => FuzzCase.Plain("POST", $"/v1.41/images/{dice.Of((string[])["busybox", image, image + "b"])}/tag?repo={dice.Of((string[])[image, image + "b"])}"),
            "ImageDelete" => FuzzCase.Plain("DELETE", $"/v1.41/images/{image}"),
            "ImageBuild" => FuzzCase.Plain("POST", $"/v1.41/build?t={image}&forcerm=1", TarGrammar.BuildContext(dice, names, dice.OneIn(3) ? "busybox" : image), "application/x-tar"),
            _ => throw new InvalidOperationException(operation),
        };
    }

    private string Container(string image, string other, string volumeName, string networkName)
    {
        string[] joins =
        [
            "", $"\"NetworkMode\":\"{networkName}\"", $"\"NetworkMode\":\"{networkName}\"", $"\"NetworkMode\":\"container:{other}\"", $"\"PidMode\":\"container:{other}\"", $"\"IpcMode\":\"container:{other}\"", $"\"VolumesFrom\":[\"{other}\"]", $"\"Links\":[\"{other}:x\"]",
            $"\"Mounts\":[{{\"Type\":\"volume\",\"Source\":\"{volumeName}\",\"Target\":\"/h\"}}]", $"\"Binds\":[\"{volumeName}:/h\"]", $"\"Binds\":[\"{Bind(users[0].User)}\"]", $"\"Binds\":[\"{Bind(users[0].User)}\"]", $"\"Binds\":[\"{Bind(users[1].User)}\"]", "\"AutoRemove\":true", "\"NetworkMode\":\"fz-shared\"", "\"RestartPolicy\":{\"Name\":\"on-failure\"}",
        ];
        var host = string.Join(',', dice.Some(joins, 2).Where(join => join.Length > 0).DistinctBy(join => join.Split(':')[0]));
        host += host.Contains("\"NetworkMode\"", StringComparison.Ordinal) || dice.OneIn(3) ? "" : $"{(host.Length > 0 ? "," : "")}\"NetworkMode\":\"none\"";
        var command = dice.Of((string[])["[\"sleep\",\"3\"]", "[\"sh\",\"-c\",\"cat /h/marker /h/*/marker; env; sleep 2\"]"]);
        return $"{{\"Image\":\"{(dice.OneIn(3) ? image : "busybox")}\",\"User\":\"1000:1000\",\"Cmd\":{command},\"HostConfig\":{{{host}}}}}";
    }

    /// <summary>Folders of the host that a role may be granted, paths in them, links out of them, and what lies beside them.</summary>
    private string Bind(string user) => dice.Of(
    [
        $"{FuzzFolder.Plain}:/h:ro", $"{FuzzFolder.Shared}/a:/h:ro", $"{FuzzFolder.Inside(user)}/project:/h", $"{FuzzFolder.Inside(user)}/project:/h", $"{FuzzFolder.Inside(user)}:/h:ro", $"{FuzzFolder.Inside(user)}/out:/h",
        $"{FuzzFolder.Inside(user)}/relative/project:/h", $"{FuzzFolder.Inside(user)}/project/link:/h/marker", $"{FuzzFolder.Shared}/a:/h", $"{FuzzFolder.Plain}:/h", $"{FuzzFolder.Root}/secret:/h:ro", $"{FuzzFolder.Inside(user)}/../../secret:/h",
    ]);
}
