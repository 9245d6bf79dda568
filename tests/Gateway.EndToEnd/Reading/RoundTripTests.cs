using System.Diagnostics;
using System.Globalization;
using System.Text.Json.Nodes;
using Gateway.EndToEnd.Support;
using Xunit;

namespace Gateway.EndToEnd.Reading;

[Collection(DebianEngine.Name)]
public sealed class RoundTripOnDebianEngine(DebianHost host) : RoundTripTests(host);

[Collection(ModernEngine.Name)]
public sealed class RoundTripOnModernEngine(ModernHost host) : RoundTripTests(host);

/// <summary>
/// Random documents in odd spellings, sent to the engine directly and through the gateway: what the engine then holds is the same.
/// The seed of a failure is in its message; <c>GATEWAY_TEST_SEED</c> plays it again.
/// </summary>
public abstract class RoundTripTests(GatewayHost host)
{
    private const string Prefix = "roundtrip-";
    private static readonly TimeSpan Budget = TimeSpan.FromSeconds(12);
    private static readonly int Seed = int.TryParse(Environment.GetEnvironmentVariable("GATEWAY_TEST_SEED"), CultureInfo.InvariantCulture, out var seed) ? seed : Random.Shared.Next();

    [Fact]
    public Task GivesContainersExactlyWhatWasAskedFor() => RunAsync(80, 20, async (round, generator, ways) =>
    {
        var (name, random) = (Prefix + "container", new Random(round));
        var (create, update) = (OddSpelling.Write(generator.Container(), random), OddSpelling.Write(generator.Update(), random));
        return await CompareAsync(create + "\n" + update, async way =>
        {
            var made = await ways.SendAsync(way, HttpMethod.Post, $"/containers/create?name={name}", create);
            if (made.Status != 201)
            {
                return made;
            }

            try
            {
                var changed = await ways.SendAsync(way, HttpMethod.Post, $"/containers/{name}/update", update);
                return changed.Status == 200 ? await ways.SendAsync(ways.Direct, HttpMethod.Get, $"/containers/{name}/json") : changed;
            }
            finally
            {
                await ways.SendAsync(ways.Direct, HttpMethod.Delete, $"/containers/{name}?force=1&v=1");
            }
        }, ways);
    });

    [Fact]
    public Task GivesVolumesExactlyWhatWasAskedFor() => RunAsync(40, 10, async (round, generator, ways) =>
    {
        var name = Prefix + "volume";
        return await MadeAsync(ways, "/volumes/create", $"/volumes/{name}", OddSpelling.Write(generator.Volume(name), new Random(round)));
    });

    [Fact]
    public Task GivesNetworksExactlyWhatWasAskedFor() => RunAsync(8, 3, async (round, generator, ways) =>
    {
        var name = Prefix + "network";
        return await MadeAsync(ways, "/networks/create", $"/networks/{name}", OddSpelling.Write(generator.Network(name), new Random(round)));
    });

    [Fact]
    public Task GivesExecsExactlyWhatWasAskedFor() => RunAsync(40, 10, async (round, generator, ways) =>
    {
        var body = OddSpelling.Write(generator.Exec(), new Random(round));
        return await CompareAsync(body, async way =>
        {
            var made = await ways.SendAsync(way, HttpMethod.Post, $"/containers/{Prefix}exec/exec", body);
            return made.Status == 201 ? await ways.SendAsync(ways.Direct, HttpMethod.Get, $"/exec/{(string?)JsonNode.Parse(made.Body)!["Id"]}/json") : made;
        }, ways);
    }, () => host.Engine($"run -d --network none --name {Prefix}exec busybox sleep 300"));

    private static Task<bool> MadeAsync(TwoWays ways, string create, string path, string body) => CompareAsync(body, async way =>
    {
        var made = await ways.SendAsync(way, HttpMethod.Post, create, body);
        if (made.Status != 201)
        {
            return made;
        }

        try
        {
            return await ways.SendAsync(ways.Direct, HttpMethod.Get, path);
        }
        finally
        {
            await ways.SendAsync(ways.Direct, HttpMethod.Delete, path);
        }
    }, ways);

    /// <returns>True where the engine took the document.</returns>
    private static async Task<bool> CompareAsync(string document, Func<HttpClient, Task<Answer>> run, TwoWays ways)
    {
        var (direct, through) = (await run(ways.Direct), await run(ways.Through));
        Assert.True(direct.Status == through.Status, $"seed {Seed}: directly {direct.Status} {direct.Body}\nthrough the gateway {through.Status} {through.Body}\nfor {document}");
        if (direct.Status != 200)
        {
            return false;
        }

        var (expected, held) = (Inspected.Of(direct.Body), Inspected.Of(through.Body));
        Assert.True(JsonNode.DeepEquals(expected, held), $"seed {Seed}: the engine would hold\n{expected.ToJsonString()}\nand holds\n{held.ToJsonString()}\nfor {document}");
        return true;
    }

    private async Task RunAsync(int rounds, int enough, Func<int, DocumentGenerator, TwoWays, Task<bool>> round, Func<Task>? prepare = null)
    {
        await CleanAsync();
        try
        {
            await (prepare?.Invoke() ?? Task.CompletedTask);
            using var ways = new TwoWays(host);
            var (taken, watch) = (0, Stopwatch.StartNew());
            for (var i = 0; i < rounds && (watch.Elapsed < Budget || taken < enough); i++)
            {
                taken += await round(Seed + i, new DocumentGenerator(new Random(Seed + i), ways.Api), ways) ? 1 : 0;
            }

            Assert.True(taken >= enough, $"seed {Seed}: the engine took {taken} documents of {rounds}");
        }
        finally
        {
            await CleanAsync();
        }
    }

    private async Task CleanAsync()
    {
        foreach (var (list, remove) in new[] { ("ps -aq", "rm -f -v"), ("network ls -q", "network rm"), ("volume ls -q", "volume rm -f") })
        {
            foreach (var id in (await host.Engine($"{list} --filter name={Prefix}")).Split('\n', StringSplitOptions.RemoveEmptyEntries))
            {
                await host.Engine($"{remove} {id}");
            }
        }
    }
}
