using Gateway.EngineApi.Documents;

namespace Gateway.Policy.Checks;

/// <summary>A health check is an exec that the engine repeats for ever: not more often than each second, and of a bounded size (threats §3.1).</summary>
internal static class HealthCheck
{
    private const long Second = 1_000_000_000;
    private const long MaxDuration = 24 * 3600 * Second;
    private const int MaxTest = 64 << 10;

    private static readonly string[] Fields =
        ["Healthcheck.Test", "Healthcheck.Interval", "Healthcheck.Timeout", "Healthcheck.StartPeriod", "Healthcheck.StartInterval", "Healthcheck.Retries"];

    public static Check<ContainerCreateBody> OfCreate { get; } = new("health-check", null, Fields, Check);

    public static Check<ContainerConfig> OfCommit { get; } = new("health-check", null, Fields, Check);

    private static void Check(ContainerConfig config, CheckContext context)
    {
        if (config.Healthcheck is not { } health)
        {
            return;
        }

        Between(health.Interval, Second, "Interval", context);
        Between(health.StartInterval, Second, "StartInterval", context);
        Between(health.Timeout, Second / 1000, "Timeout", context);
        Between(health.StartPeriod, Second / 1000, "StartPeriod", context);
        if (health.Retries is < 0 or > 1000)
        {
            context.Refuse("Healthcheck.Retries", "a health check is retried from 0 to 1000 times");
        }

        if (health.Test?.Sum(part => (long)part.Length) > MaxTest)
        {
            context.Refuse("Healthcheck.Test", $"a health check's command is longer than {MaxTest >> 10} KiB");
        }
    }

    // Zero is "as the image says, or the engine's own".
    private static void Between(long? duration, long least, string name, CheckContext context)
    {
        if (duration is { } given and not 0 && (given < least || given > MaxDuration))
        {
            context.Refuse($"Healthcheck.{name}", $"{given} nanoseconds are not from {least} to {MaxDuration}");
        }
    }
}
