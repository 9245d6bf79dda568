namespace Gateway.Policy.Commands;

/// <summary>What the policy commands end with.</summary>
internal static class PolicyExit
{
    /// <summary>Yes, or clean.</summary>
    public const int Yes = 0;

    /// <summary>No, or findings.</summary>
    public const int No = 1;

    public const int Usage = 2;

    /// <summary>Only the engine could tell.</summary>
    public const int Undecided = 4;

    /// <summary>EX_CONFIG of sysexits(3).</summary>
    public const int Invalid = 78;
}
