using Gateway.EngineApi;

namespace Gateway.Narrowing;

/// <summary>What a caller may see: the questions that narrowing asks, answered by the role that allowed the request.</summary>
/// <param name="User">Owner of what is own.</param>
/// <param name="SeesImage">True for a canonical image name that the caller may read.</param>
/// <param name="SeesNetwork">True for a shared network's name that the caller may join.</param>
internal sealed record Viewer(string User, Func<string, bool> SeesImage, Func<string, bool> SeesNetwork)
{
    public bool Owns(IReadOnlyDictionary<string, string> labels) => labels.GetValueOrDefault(OwnerLabel.Name) == User;
}
