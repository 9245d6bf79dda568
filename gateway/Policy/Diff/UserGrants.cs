namespace Gateway.Policy.Diff;

/// <summary>A role's grants as they are for one user.</summary>
internal static class UserGrants
{
    public static Grants Of(Grants grants, string user) => grants with
    {
        Images = [.. grants.Images.Select(text => With(text, user))],
        OwnImages = [.. grants.OwnImages.Select(text => With(text, user))],
        Binds = [.. grants.Binds.Select(bind => bind with { Source = bind.Source.Replace("${user}", user, StringComparison.Ordinal) })],
    };

    private static string With(string text, string user) => text.Replace("${user}", user, StringComparison.Ordinal);
}
