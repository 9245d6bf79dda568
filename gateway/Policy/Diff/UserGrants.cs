namespace Gateway.Policy.Diff;

/// <summary>A role's grants as they are for one caller: no variable is left in them.</summary>
internal static class UserGrants
{
    public static Grants Of(Grants grants, Caller caller) => grants with
    {
        Images = [.. grants.Images.SelectMany(caller.Expand)],
        OwnImages = [.. grants.OwnImages.SelectMany(caller.Expand)],
        Binds = [.. grants.Binds.SelectMany(bind => caller.Expand(bind.Source), (bind, source) => bind with { Source = source })],
    };
}
