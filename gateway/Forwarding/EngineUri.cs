namespace Gateway.Forwarding;

/// <summary>Makes the Uri of a target that is already written as the engine shall read it, and keeps .NET from changing it.</summary>
internal static class EngineUri
{
    private static readonly UriCreationOptions AsWritten = new() { DangerousDisablePathAndQueryCanonicalization = true };

    public static Uri Of(string target) => new("http://docker" + target, AsWritten);
}
