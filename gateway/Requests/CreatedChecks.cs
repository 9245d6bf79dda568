using Gateway.EngineApi;
using Gateway.Forwarding;
using Gateway.Objects;
using Gateway.Policy;
using Gateway.Policy.Checks;

namespace Gateway.Requests;

/// <summary>A container that the engine has just made, not yet told to its owner.</summary>
/// <param name="Facts">Those of the decision, and what the container keeps.</param>
/// <param name="Image">The image that it was made from.</param>
internal sealed record CreatedContainer(EngineObject Container, EngineObject? Image, RequestFacts Facts, CheckContext Context);

/// <summary>Says why a new container must go again, or null.</summary>
internal delegate ValueTask<PlanRefusal?> CreatedCheck(CreatedContainer created, CancellationToken cancellationToken);

/// <summary>
/// What came into being is what was judged: between the decision and the create a tag can move, a volume or network of the
/// name can become another's, a folder above or below a bind can be mounted. Run under the owner's lock, for roles that are limited; the container goes if one objects.
/// </summary>
internal static class CreatedChecks
{
    public static IReadOnlyList<CreatedCheck> All { get; } = [OwnerIsTheCaller, ImageIsTheJudgedOne, ImageBringsNothingMore, KeepsOwnObjectsOnly, BindsAreStillSound];

    private static ValueTask<PlanRefusal?> OwnerIsTheCaller(CreatedContainer created, CancellationToken cancellationToken) => Refuse(
        created.Container.Owner != created.Context.User,
        $"the image has a label that reads like \"{OwnerLabel.Name}\"; containers of it would be nobody's");

    private static ValueTask<PlanRefusal?> ImageIsTheJudgedOne(CreatedContainer created, CancellationToken cancellationToken)
    {
        // An engine with containerd's image store gives a container the id of one platform's manifest: then the names decide.
        var judged = created.Facts.Objects.Where(o => o.Key.Kind == ObjectKind.Image).Select(o => o.Value).OfType<EngineObject>().FirstOrDefault();
        var same = judged is not null && created.Image is { } image
            && (image.Id == judged.Id || (image.ImageNames.Count > 0 && image.ImageNames.Intersect(judged.ImageNames).Any()));
        return Refuse(!same, "the image's name was moved to another image meanwhile; try again");
    }

    /// <summary>Two images can have one name, one after the other: what a container takes from its image is looked at in the container.</summary>
    private static ValueTask<PlanRefusal?> ImageBringsNothingMore(CreatedContainer created, CancellationToken cancellationToken)
    {
        LabelCheck.CheckCreated(created.Container, created.Context);
        HealthCheck.CheckCreated(created.Container, created.Context);
        return Refused(created);
    }

    private static ValueTask<PlanRefusal?> KeepsOwnObjectsOnly(CreatedContainer created, CancellationToken cancellationToken)
    {
        StoredReferencesCheck.Check(created.Container, created.Facts, created.Context);
        return Refused(created);
    }

    /// <summary>Of two creates at once that go against each other each sees the other's container here (Rule B4).</summary>
    private static ValueTask<PlanRefusal?> BindsAreStillSound(CreatedContainer created, CancellationToken cancellationToken)
    {
        BindCheck.CheckExisting(created.Container, readOnly: false, "HostConfig.Mounts.Source", created.Facts.HostPaths, created.Context);
        return Refused(created);
    }

    private static ValueTask<PlanRefusal?> Refused(CreatedContainer created) =>
        ValueTask.FromResult(created.Context.Refusal is { } refusal ? new PlanRefusal(refusal.Status, refusal.Detail) : null);

    private static ValueTask<PlanRefusal?> Refuse(bool found, string message) =>
        ValueTask.FromResult(found ? new PlanRefusal(409, message) : null);
}
