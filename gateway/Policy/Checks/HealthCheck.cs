using System.Text.Json;
using Gateway.EngineApi.Documents;
using Gateway.Objects;

namespace Gateway.Policy.Checks;

/// <summary>
/// A health check is an exec that the engine repeats for ever: not more often than each second, and of a bounded size (threats §3.1).
/// What a create leaves out is the image's to say, and so judged with it.
/// </summary>
internal static class HealthCheck
{
    private const long Second = 1_000_000_000;
    private const long MaxDuration = 24 * 3600 * Second;
    private static readonly (string Name, long Nanoseconds)[] Units = [("h", 3600 * Second), ("s", Second), ("ms", Second / 1000), ("us", Second / 1_000_000), ("ns", 1)];
    private const int MaxRetries = 1000;
    private const int MaxTest = 64 << 10;

    private static readonly (string Name, long Least)[] Durations = [("Interval", Second), ("StartInterval", Second), ("Timeout", Second / 1000), ("StartPeriod", Second / 1000)];

    private static readonly string[] Fields =
        ["Healthcheck.Test", "Healthcheck.Interval", "Healthcheck.Timeout", "Healthcheck.StartPeriod", "Healthcheck.StartInterval", "Healthcheck.Retries"];

    public static Check<ContainerCreateBody> OfCreate { get; } = new("health-check", null, Fields, (body, context) =>
    {
        Check(body, context);
        if (body.Healthcheck?.Test is not ["NONE", ..])
        {
            CheckImage(Json.Member(context.Image?.Raw ?? default, "Config"), body.Healthcheck, context);
        }
    });

    public static Check<ContainerConfig> OfCommit { get; } = new("health-check", null, Fields, Check);

    /// <summary>What the container has, whatever image it came to be made from.</summary>
    public static void CheckCreated(EngineObject container, CheckContext context) => CheckImage(Json.Member(container.Raw, "Config"), null, context);

    private static void Check(ContainerConfig config, CheckContext context)
    {
        if (config.Healthcheck is not { } health)
        {
            return;
        }

        foreach (var (name, least) in Durations)
        {
            if (Said(health, name) is { } given && IsWrong(given, least))
            {
                context.Refuse($"Healthcheck.{name}", $"a health check's {name} of {Shown(given)} is not from {Shown(least)} to {Shown(MaxDuration)}");
            }
        }

        if (health.Retries is < 0 or > MaxRetries)
        {
            context.Refuse("Healthcheck.Retries", $"a health check is retried from 0 to {MaxRetries} times");
        }

        if (health.Test?.Sum(part => (long)part.Length) > MaxTest)
        {
            context.Refuse("Healthcheck.Test", $"a health check's command is longer than {MaxTest >> 10} KiB");
        }
    }

    /// <summary>moby <c>daemon/commit.go merge</c>: each value that the create does not say is the image's.</summary>
    private static void CheckImage(JsonElement config, HealthConfig? said, CheckContext context)
    {
        var health = Json.Member(config, "Healthcheck");
        foreach (var (name, least) in Durations)
        {
            if (said is null || Said(said, name) is null or 0)
            {
                if (Json.Number(health, name) is { } given && IsWrong(given, least))
                {
                    context.Refuse("Image", $"the image's health check has the {name} {Shown(given)}, which is not from {Shown(least)} to {Shown(MaxDuration)}; say another with the create, or none (docker run --no-healthcheck)");
                }
            }
        }
    }

    private static long? Said(HealthConfig health, string name) => name switch
    {
        "Interval" => health.Interval,
        "StartInterval" => health.StartInterval,
        "Timeout" => health.Timeout,
        _ => health.StartPeriod,
    };

    /// <summary>In the largest unit that divides it, as docker's flags have it.</summary>
    private static string Shown(long nanoseconds)
    {
        var (name, length) = Units.First(unit => nanoseconds % unit.Nanoseconds == 0);
        return $"{nanoseconds / length}{name}";
    }

    // Zero is "as the image says, or the engine's own".
    private static bool IsWrong(long duration, long least) => duration != 0 && (duration < least || duration > MaxDuration);
}
