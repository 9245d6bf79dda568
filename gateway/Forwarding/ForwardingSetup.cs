using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;

namespace Gateway.Forwarding;

/// <summary>The room's two verbs.</summary>
internal static class ForwardingSetup
{
    public static void AddForwarding(this IServiceCollection services, EngineEndpoint endpoint)
    {
        services.AddHttpForwarder();
        services.AddSingleton(_ => new EngineConnections(endpoint));
        services.AddSingleton<EngineClient>();
        services.AddSingleton<BrokenTransfers>();
        services.AddSingleton<EngineForwarder>();
    }

    public static void UseForwarding(this IApplicationBuilder app) => app.Run(app.ApplicationServices.GetRequiredService<EngineForwarder>().InvokeAsync);
}
