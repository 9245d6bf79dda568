using Gateway.Listeners;
using Microsoft.Extensions.DependencyInjection;

namespace Gateway.Status;

/// <summary>The room's verb.</summary>
internal static class StatusSetup
{
    public static void AddStatus(this IServiceCollection services, StatusOptions options, IReadOnlyList<ListenerAddress> addresses)
    {
        services.AddSingleton(options).AddSingleton(addresses).AddSingleton<RequestCounters>().AddSingleton<StatusReader>();
        services.AddHostedService<ControlServer>();
    }
}
