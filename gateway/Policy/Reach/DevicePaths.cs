namespace Gateway.Policy.Reach;

/// <summary>What each granted device of the host opens.</summary>
internal static class DevicePaths
{
    private static readonly string[] Disks = ["sd", "hd", "vd", "xvd", "nvme", "mmcblk", "dm-", "md", "loop", "nbd", "sr", "ram", "zram", "bcache", "rbd", "drbd", "pmem", "zd"];
    private static readonly string[] Harmless = ["null", "zero", "full", "random", "urandom"];

    private static readonly Dictionary<string, string> Root = new(StringComparer.Ordinal)
    {
        ["mem"] = "The host's physical memory.",
        ["kmem"] = "The host kernel's memory.",
        ["port"] = "The host's hardware ports.",
        ["kmsg"] = "The kernel's log: writing forges it, reading shows the addresses that kernel exploits need.",
        ["uinput"] = "Types on the host's keyboard, root's console included.",
        ["console"] = "The host's console: TIOCSTI types into it.",
        ["hpet"] = "Memory of the host is mapped through it.",
        ["nvram"] = "Firmware settings of the host.",
        ["mapper"] = "The host's logical volumes.",
        ["disk"] = "The host's disks by name.",
        ["vfio"] = "Hardware with direct access to the host's memory.",
        ["cpu"] = "The processors' model-specific registers.",
        ["fuse"] = "Mounts file systems of its own making; with SYS_ADMIN that is the host's mount code at the caller's mercy.",
        ["loop-control"] = "Makes loop devices on the host.",
        ["btrfs-control"] = "Adds devices to the host's file systems.",
        ["snapshot"] = "The image of the host's memory on suspend.",
        ["tpm0"] = "The host's keys.",
        ["tpmrm0"] = "The host's keys.",
        ["sg"] = "Raw commands to the host's disks.",
        ["bsg"] = "Raw commands to the host's disks.",
        ["bus"] = "USB devices, disks and keyboards among them.",
        ["input"] = "Reads and types every key of the host's keyboards.",
        ["kvm"] = "Runs virtual machines: a large part of the kernel opens to the container.",
        ["net"] = "Makes network interfaces (tun); with NET_ADMIN it takes over addresses.",
        ["vhost-net"] = "Kernel threads of the host work on the container's memory.",
        ["vhost-vsock"] = "Talks to virtual machines of the host.",
        ["watchdog"] = "Reboots the host.",
        ["dri"] = "The graphics driver in the kernel.",
        ["snd"] = "Microphones and speakers of the host.",
        ["tty"] = "Terminals of the host.",
    };

    // Of the list above, what needs something else to become root.
    private static readonly string[] ShortOfRoot = ["fuse", "kvm", "net", "vhost-net", "vhost-vsock", "watchdog", "dri", "snd", "loop-control", "btrfs-control"];

    public static void Add(RoleReach role, HostView host)
    {
        if (!role.Creates && !role.Has("ContainerUpdate"))
        {
            return;
        }

        for (var i = 0; i < role.Grants.Devices.Count; i++)
        {
            var device = role.Grants.Devices[i];
            Judge(role, device, role.AtGrant("devices", i.ToString(System.Globalization.CultureInfo.InvariantCulture)), host);
        }
    }

    private static void Judge(RoleReach role, DeviceGrant device, Files.SourcePosition? at, HostView host)
    {
        if (!device.Path.StartsWith("/dev/", StringComparison.Ordinal))
        {
            Named(role, device, at);
            return;
        }

        var name = device.Path["/dev/".Length..].Split('/')[0];
        var subject = $"grants.devices {device.Path}";
        var fix = $"take {device.Path} out of devices";
        var run = $"docker run --device {device.Path} … : ";
        if (Harmless.Contains(name) || name.StartsWith("nvidia", StringComparison.Ordinal))
        {
            return;
        }

        if (!device.Permissions.Contains('r', StringComparison.Ordinal) && !device.Permissions.Contains('w', StringComparison.Ordinal))
        {
            role.Add("device", Extent.Host, subject, at, $"device {device.Path} (mknod only)", run + "makes the node, and cannot open it.", fix, null, Weight.Note);
        }
        else if (Disks.Any(disk => name.StartsWith(disk, StringComparison.Ordinal)) || host.IsBlockDevice(device.Path))
        {
            role.Add(
                "device", Extent.Root, subject, at, $"block device {device.Path}",
                run + (device.Permissions.Contains('w', StringComparison.Ordinal) ? "reads and writes the file system on it past every permission." : "reads every file on it past every permission, keys and password hashes included."),
                fix, "a disk that holds the host's system or secrets");
        }
        else if (Find(name) is { } what)
        {
            var root = !ShortOfRoot.Contains(what.Name) || (what.Name == "fuse" && role.Grants.Capabilities.Any(c => c is "SYS_ADMIN" or "ALL")) || (what.Name == "net" && role.Grants.Capabilities.Contains("NET_ADMIN") && role.Grants.HostNamespaces.Contains("network"));
            role.Add("device", root ? Extent.Root : Extent.Host, subject, at, $"device {device.Path}", run + what.Text, fix);
        }
        else
        {
            role.Add("device", Extent.Host, subject, at, $"device {device.Path}", run + "what its driver allows; this device is not known to the audit, so look it up.", fix);
        }
    }

    /// <summary>A CDI device is what a file of the host says under its name: nodes, mounts of host folders, hooks that run as root.</summary>
    private static void Named(RoleReach role, DeviceGrant device, Files.SourcePosition? at)
    {
        var known = device.Path.StartsWith("nvidia.com/gpu=", StringComparison.Ordinal);
        role.Add(
            "device", Extent.Host, $"grants.devices {device.Path}", at, $"CDI device {device.Path}",
            $"docker run --device {device.Path} … : {(known ? "talks to the GPU's kernel driver and to its memory, which other containers' data may still be in." : "adds the device nodes, host folders and hooks of root that the host's CDI file names under it.")}",
            $"take {device.Path} out of devices where nothing needs it", known ? null : "a CDI file (/etc/cdi, /var/run/cdi) that mounts or runs more than the device", known ? Weight.Note : Weight.Warning);
    }

    private static (string Name, string Text)? Find(string name)
    {
        var bare = name.TrimEnd("0123456789".ToCharArray());
        return Root.TryGetValue(name, out var text) ? (name, text) : bare.Length > 0 && Root.TryGetValue(bare, out text) ? (bare, text) : name.StartsWith("tty", StringComparison.Ordinal) ? ("tty", Root["tty"]) : null;
    }
}
