using Gateway.EngineApi;
using Gateway.EngineApi.Documents;
using Gateway.Objects;

namespace Gateway.Policy.Checks;

/// <summary>Operations that say what they want in the query: images, builds, lists, names, signals (threats §3.4–§3.6).</summary>
internal static class QueryChecks
{
    private static readonly string[] BuildNever = ["cgroupparent", "securityopt", "cpusetcpus", "cpusetmems", "isolation", "outputs", "remote", "session", "platforms"];
    private static readonly string[] TopArguments = ["", "-ef", "aux", "-aux", "-eo pid,comm", "-eo pid,ppid,comm", "-o pid,comm", "-f"];
    private static readonly string[] HarmlessChanges = ["CMD", "ENTRYPOINT", "ENV", "EXPOSE", "USER", "VOLUME", "WORKDIR", "STOPSIGNAL"];

    public static void Run(CheckContext context)
    {
        var (query, operation) = (context.Query, context.Request.Operation!);
        switch (operation.Name)
        {
            case "ContainerRename":
                ObjectCreateCheck.CheckName(query.Get("name")?.TrimStart('/'), allowEmpty: false, context);
                break;
            case "ContainerTop" when !context.Unlimited && !TopArguments.Contains(query.Get("ps_args") ?? ""):
                context.Refuse("ps_args", $"granted arguments of ps are {string.Join(", ", TopArguments.Skip(1))}");
                break;
            case "PutContainerArchive" when !context.Unlimited && HasWritableBind(context):
                context.Refuse("path", "an archive could put a device or a set-uid program through this container's writable bind; write to the bound folder itself");
                break;
            case "ContainerStop" or "ContainerRestart" when query.Get("t") is { } seconds && (seconds.StartsWith('-') || long.Parse(seconds, System.Globalization.CultureInfo.InvariantCulture) > 3600):
                Limited(context, "t", "a stop that waits longer than 3600 seconds holds a worker of the engine");
                break;
            case "ContainerDelete" when query.IsTrue("link"):
                context.Refuse("link", "removing a link is never granted");
                break;
            case "ContainerStart" when query.Get("checkpoint") is { Length: > 0 } || query.Get("checkpoint-dir") is { Length: > 0 }:
                Limited(context, "checkpoint", "checkpoints are never granted");
                break;
            case "ContainerList" or "ImageList":
                Filtered(context);
                break;
            case "ContainerPrune" or "VolumePrune" or "NetworkPrune" when !context.AllObjects:
                context.Query = query.With("filters", EngineFilters.Parse(query.Get("filters"), operation).With("label", $"{OwnerLabel.Name}={context.User}").ToJson());
                break;
            case "SystemEvents" or "VolumeList" or "NetworkList":
                context.Query = query.Has("filters") ? query.With("filters", EngineFilters.Parse(query.Get("filters"), operation).ToJson()) : query;
                break;
            case "ImageCreate":
                Pull(context);
                break;
            case "ImageTag":
                Readable(context);
                WriteTarget(context, query.Get("repo"), query.Get("tag"), "repo");
                break;
            case "ImagePush" or "ImageDelete":
                Own(context);
                break;
            case "ImagePrune":
                Limited(context, "filters", "pruning images removes everybody's");
                break;
            case "ImageInspect" or "ImageHistory" or "ImageGet" or "ImageAttestations":
                Readable(context);
                break;
            case "ImageGetAll":
                ReadableAll(context);
                break;
            case "DistributionInspect" when !ImageReference.TryParse(context.Request.Name!, out var image) || !ImageAccess.MayRead(context, image):
                context.Refuse("name", $"no grant for image \"{context.Request.Name}\"");
                break;
            case "ImageSearch" when query.Get("term")?.AsSpan().ContainsAny('.', ':', '/') == true:
                Limited(context, "term", "a registry's host in a search term is not granted");
                break;
            case "ImageBuild":
                Build(context);
                break;
            default:
                break;
        }
    }

    /// <summary>A name that is given to an image lies in the caller's own namespace, else others would run what it points at (I46).</summary>
    public static void WriteTarget(CheckContext context, string? repository, string? tag, string field)
    {
        if (string.IsNullOrEmpty(repository))
        {
            return;
        }

        var text = string.IsNullOrEmpty(tag) ? repository : $"{repository}:{tag}";
        if (!ImageReference.TryParse(text, out var image) || image.Digest is not null || image.MayBeId)
        {
            context.Malformed(field, $"\"{text}\" is not a name that an image can be given");
        }
        else if (!ImageAccess.MayWrite(context, image))
        {
            context.Refuse(field, $"no grant to give an image the name \"{image.Canonical}\"; granted: {string.Join(", ", context.Grants.OwnImages.Select(context.WithUser))}");
        }
    }

    public static bool IsHarmlessChange(string change) =>
        !change.AsSpan().ContainsAny('\n', '\\', '<') && HarmlessChanges.Contains(change.TrimStart().Split(' ')[0].ToUpperInvariant());

    private static void Limited(CheckContext context, string field, string message)
    {
        if (!context.Unlimited)
        {
            context.Refuse(field, message);
        }
    }

    private static bool HasWritableBind(CheckContext context) =>
        context.Find(ObjectKind.Container, context.Request.Name!) is { } container
        && Json.Items(Json.Member(container.Raw, "Mounts")).Any(mount => Json.String(mount, "Type") == "bind" && Json.True(mount, "RW"));

    private static void Filtered(CheckContext context)
    {
        var (query, operation) = (context.Query, context.Request.Operation!);
        var filters = EngineFilters.Parse(query.Get("filters"), operation);
        foreach (var name in filters.Get("since").Concat(filters.Get("before")).Append(query.Get("since") ?? "").Append(query.Get("before") ?? "").Where(n => n.Length > 0))
        {
            var found = context.Find(operation.Object, name);
            if (found is null || !(operation.Object == ObjectKind.Image ? ImageAccess.MayRead(context, found) : context.Owns(found)))
            {
                context.NotFound(operation.Object, name);
            }
        }

        if (operation.Object == ObjectKind.Container && !context.AllObjects)
        {
            filters = filters.With("label", $"{OwnerLabel.Name}={context.User}");
        }

        context.Query = query.With("filters", filters.ToJson());
    }

    private static void Pull(CheckContext context)
    {
        var query = context.Query;
        if (!query.Has("fromImage") || query.Get("fromSrc") is { Length: > 0 } || query.Get("repo") is { Length: > 0 } || query.GetAll("changes").Count > 0 || query.Get("message") is { Length: > 0 })
        {
            Limited(context, "fromSrc", "importing an image is never granted; pull one by name");
            return;
        }

        var (name, tag) = (query.Get("fromImage")!, query.Get("tag"));
        var text = string.IsNullOrEmpty(tag) ? name : tag.StartsWith("sha256:", StringComparison.Ordinal) ? $"{name}@{tag}" : $"{name}:{tag}";
        if (!ImageReference.TryParse(text, out var image))
        {
            context.Malformed("fromImage", $"\"{text}\" is not an image name");
        }
        else if (!ImageAccess.MayRead(context, image))
        {
            context.Refuse("fromImage", $"no grant for image \"{image.Canonical}\"");
        }
        else
        {
            // The tag is always said: without one the engine pulls them all.
            context.Query = query.With("fromImage", image.Repository).With("tag", image.Digest ?? image.Tag ?? "latest");
        }
    }

    private static void Readable(CheckContext context)
    {
        if (context.Find(ObjectKind.Image, context.Request.Name!) is not { } image || !ImageAccess.MayRead(context, image))
        {
            context.NotFound(ObjectKind.Image, context.Request.Name!);
        }
    }

    private static void ReadableAll(CheckContext context)
    {
        foreach (var name in context.Query.GetAll("names"))
        {
            if (context.Find(ObjectKind.Image, name) is not { } image || !ImageAccess.MayRead(context, image))
            {
                context.NotFound(ObjectKind.Image, name);
            }
        }
    }

    /// <summary>Deleting and pushing: a name in the own namespace, or an image of one's own all of whose names are.</summary>
    private static void Own(CheckContext context)
    {
        var name = context.Request.Name!;
        if (context.Unlimited)
        {
            return;
        }

        if (!ImageReference.TryParse(name, out var reference) || context.Find(ObjectKind.Image, name) is not { } image || !ImageAccess.MayRead(context, image))
        {
            context.NotFound(ObjectKind.Image, name);
            return;
        }

        var byId = reference.MayBeId && !image.ImageNames.Contains(reference.Canonical);
        var own = byId
            ? image.Owner == context.User && image.ImageNames.All(n => ImageReference.TryParse(n, out var r) && ImageAccess.MayWrite(context, r))
            : ImageAccess.MayWrite(context, reference);
        if (!own)
        {
            context.Refuse("name", $"\"{name}\" is not in your own namespace; granted: {string.Join(", ", context.Grants.OwnImages.Select(context.WithUser))}");
        }
    }

    private static void Build(CheckContext context)
    {
        var query = context.Query;
        foreach (var tag in query.GetAll("t"))
        {
            WriteTarget(context, tag, null, "t");
        }

        var labels = query.Get("labels") is { Length: > 0 } text ? EngineBody.ReadMap(text) : [];
        query = query.With("labels", EngineBody.WriteMap(ProcessCheck.Owned(labels, "labels", context)));
        if (!context.Unlimited)
        {
            foreach (var name in BuildNever.Where(name => query.GetAll(name).Any(value => value.Length > 0 && value is not ("null" or "[]" or "default"))))
            {
                context.Refuse(name, "this build parameter is granted to root-equivalent roles only");
            }

            if (query.Get("version") is not (null or "" or "1") || query.IsTrue("squash"))
            {
                context.Refuse("version", "BuildKit builds are granted to root-equivalent roles only; set DOCKER_BUILDKIT=0");
            }

            if (query.Get("shmsize") is { } shm && long.Parse(shm, System.Globalization.CultureInfo.InvariantCulture) > 1L << 30)
            {
                context.Refuse("shmsize", "more shared memory than 1 GiB");
            }

            if (query.Get("ulimits") is { Length: > 0 } and not "null" and not "[]" || query.Get("cachefrom") is { Length: > 0 } and not "null" and not "[]")
            {
                context.Refuse("ulimits", "ulimits and cachefrom are not granted in a build");
            }

            query = query.With("memory", Bounded(query.Get("memory"), context.Grants.Memory))
                .With("cpuperiod", "100000").With("cpuquota", (context.Grants.Cpus.Max / 10_000).ToString(System.Globalization.CultureInfo.InvariantCulture))
                .Without("memswap").Without("cpushares").Without("buildid");
        }

        if (query.Get("networkmode") is { Length: > 0 } mode)
        {
            var id = mode.StartsWith("container:", StringComparison.Ordinal)
                ? context.OwnId(ObjectKind.Container, mode[10..]) is { } container ? "container:" + container : null
                : NetworkCheck.Join(mode, "networkmode", context);
            query = id is null ? query : query.With("networkmode", id);
        }

        context.Query = query;
    }

    private static string Bounded(string? value, Limit limit) =>
        long.TryParse(value, out var asked) && asked > 0 && asked <= limit.Max ? value! : limit.Max.ToString(System.Globalization.CultureInfo.InvariantCulture);
}
