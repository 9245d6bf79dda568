using Gateway.Policy;

namespace Gateway.Limits;

/// <summary>A user went over a limit that shows only once the engine has done its part; what it did has been undone.</summary>
internal sealed class LimitReachedException(Decision decision) : Exception(decision.Detail)
{
    public Decision Decision => decision;
}
