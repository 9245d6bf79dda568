using Gateway.EndToEnd.Support;
using Xunit;

namespace Gateway.EndToEnd.Fuzzing;

[Collection(DebianEngine.Name)]
public sealed class FuzzOracleOnDebianEngine(DebianHost host) : FuzzOracleTests(host);

[Collection(ModernEngine.Name)]
public sealed class FuzzOracleOnModernEngine(ModernHost host) : FuzzOracleTests(host);

/// <summary>What the fuzzer looks for is found: here it is done past the gateway, and undone before anybody looks.</summary>
public abstract class FuzzOracleTests(GatewayHost host)
{
    [Fact]
    public async Task SeesWhatComesAndGoes()
    {
        using var engine = new EngineProbe(host.EngineSocket);
        await using var world = new FuzzWorld(engine, host.Kind);
        await world.BuildAsync();
        var role = FuzzRole.In(await File.ReadAllTextAsync(host.ShippedPolicy("developer"), TestContext.Current.CancellationToken)).Single();
        await world.EnterAsync(role);
        await using var watch = await EventWatch.StartAsync(engine, world, new ContainerOracle(engine, world));
        await watch.BeginAsync(role);

        await ComeAndGoAsync(engine, role.Users[0], "\"UTSMode\":\"host\"");
        await engine.PostAsync("/containers/fz-own-c/exec", "{\"Privileged\":true,\"Cmd\":[\"true\"]}");
        await ComeAndGoAsync(engine, role.Users[0], "\"Mounts\":[{\"Type\":\"volume\",\"Source\":\"fz-bob-v\",\"Target\":\"/h\"}]");
        await engine.PostAsync("/networks/fz-bob-n/connect", "{\"Container\":\"fz-own-c\"}");
        await engine.PostAsync("/networks/fz-bob-n/disconnect", "{\"Container\":\"fz-own-c\",\"Force\":true}");
        await engine.PostAsync("/containers/fz-bob-s/rename?name=fz-other", "");
        await engine.PostAsync("/containers/fz-other/rename?name=fz-bob-s", "");
        await engine.PostAsync("/images/busybox/tag?repo=localhost/bob/other&tag=1", "");
        await engine.DeleteAsync("/images/localhost/bob/other:1");

        var found = string.Join('\n', await watch.EndAsync());
        Assert.All(
            ["UTSMode host", "a privileged exec", ", mount {", "a volume of bob's was mounted", "joined the network of bob's", "allows that on no object of bob's", "an image was given a name"],
            expected => Assert.Contains(expected, found, StringComparison.Ordinal));
    }

    private static async Task ComeAndGoAsync(EngineProbe engine, string owner, string more)
    {
        var made = await engine.PostAsync("/containers/create", $"{{\"Image\":\"busybox\",\"Cmd\":[\"sleep\",\"1\"],\"Labels\":{{\"gateway.owner\":\"{owner}\"}},\"HostConfig\":{{\"AutoRemove\":true,{more}}}}}");
        await engine.PostAsync($"/containers/{FuzzWorld.Id(made)}/start", "");
        await engine.PostAsync($"/containers/{FuzzWorld.Id(made)}/wait?condition=removed", "");
    }
}
