using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;

namespace Gateway.Limits;

/// <summary>The room's two verbs.</summary>
internal static class LimitsSetup
{
    public static void AddLimits(this IServiceCollection services) =>
        services.AddSingleton<RequestRates>().AddSingleton<UserSlots>().AddSingleton<UsageCounter>().AddSingleton<QuotaGuard>();

    public static void UseLimits(this IApplicationBuilder app) => app.UseMiddleware<LimitsMiddleware>();
}
