using Gateway.HostFiles;
using Gateway.Limits;
using Gateway.Narrowing;
using Gateway.Objects;
using Gateway.Requests;
using Gateway.Tests.Objects.Support;
using Microsoft.Extensions.Logging.Abstractions;

namespace Gateway.Tests.Requests.Support;

/// <summary>The parts of the pipeline that talk to an engine, before one with prepared answers.</summary>
internal sealed class SomeGateway
{
    public SomeGateway(CannedEngine engine)
    {
        var resolver = new ObjectResolver(engine.Client);
        Facts = new FactGatherer(resolver, engine.Client, new HostPathLookup(engine.Endpoint, engine.Client, new ProtectedFiles([])));
        Containers = new ContainerCreation(engine.Client, resolver, Facts, Slots, NullLogger<ContainerCreation>.Instance);
        Networks = new NetworkCreation(engine.Client);
        Plans = new PlanWriter(new AnswerNarrowing(engine.Client, resolver), Containers, Networks, Slots);
    }

    public UserSlots Slots { get; } = new();

    public FactGatherer Facts { get; }

    public ContainerCreation Containers { get; }

    public NetworkCreation Networks { get; }

    public PlanWriter Plans { get; }
}
