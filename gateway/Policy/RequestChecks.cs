using Gateway.Policy.Checks;

namespace Gateway.Policy;

/// <summary>Runs what <see cref="CheckCatalogue"/> lists for a request's operation.</summary>
internal static class RequestChecks
{
    /// <summary>Runs the checks and gives the body to forward, null where there is none.</summary>
    public static byte[]? Run(CheckContext context, ReadOnlyMemory<byte> body)
    {
        var operation = context.Request.Operation!;
        LateBindingCheck.Run(context, body);
        return CheckCatalogue.For(operation)?.Run(context, body);
    }
}
