using System.Globalization;

namespace Gateway.Policy.Reach;

/// <summary>Log drivers run in the engine, as root, and dial out or open paths from there.</summary>
internal static class LogPaths
{
    private static readonly string[] BuiltIn = ["syslog", "journald", "gelf", "fluentd", "awslogs", "splunk", "etwlogs", "gcplogs", "logentries"];

    public static void Add(RoleReach role)
    {
        if (!role.Creates)
        {
            return;
        }

        for (var i = 0; i < role.Grants.LogDrivers.Count; i++)
        {
            var driver = role.Grants.LogDrivers[i];
            var (extent, how, needs) = Judge(driver);
            role.Add(
                "log-driver", extent, $"grants.log-drivers {driver.Driver}", role.AtGrant("log-drivers", i.ToString(CultureInfo.InvariantCulture)), $"log driver {driver.Driver}",
                $"docker run --log-driver {driver.Driver} … : {how}", $"take {driver.Driver} out of log-drivers where json-file or local will do", needs, extent == Extent.Host && needs is not null ? Weight.Warning : Weight.Note);
        }
    }

    private static (Extent Extent, string How, string? Needs) Judge(LogDriverGrant driver)
    {
        var socket = driver.Options.Where(o => o.Value.StartsWith("unix", StringComparison.OrdinalIgnoreCase)).Select(o => o.Value).FirstOrDefault();
        return driver.Driver switch
        {
            _ when socket is not null => (Extent.Host, $"the engine, as root, writes what the container prints to {socket}.", "a service behind that socket that takes lines of a container for its own host's"),
            _ when !BuiltIn.Contains(driver.Driver) => (Extent.Host, "the engine hands the output to a plugin, a process of root.", "a log plugin of that name that obeys what a container prints"),
            "journald" => (Extent.Host, "writes lines of the container's choice into the host's journal.", null),
            "syslog" => (Extent.Host, "writes lines of the container's choice into a syslog, the host's own where no address is fixed.", null),
            "awslogs" or "gcplogs" => (Extent.Host, "writes with the credentials of the host.", null),
            _ => (Extent.Own, "sends the container's output from the host's network.", null),
        };
    }
}
