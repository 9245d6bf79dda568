namespace Gateway.Serve;

/// <summary>The exit codes that product and systemd agree on.</summary>
internal static class ExitCode
{
    public const int Done = 0;
    public const int Failed = 1;
    public const int Usage = 2;

    /// <summary>EX_CONFIG of sysexits.h: policies, certificates or flags do not let the gateway start.</summary>
    public const int Configuration = 78;
}
