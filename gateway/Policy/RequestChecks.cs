using Gateway.EngineApi;
using Gateway.EngineApi.Documents;
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
        return CheckCatalogue.For(operation) is { } checks ? checks.Run(context, body) : OtherBody(operation, body, context);
    }

    /// <summary>Bodies of operations that are for root-equivalent roles alone are read and written anew, and not judged.</summary>
    private static byte[]? OtherBody(EngineOperation operation, ReadOnlyMemory<byte> body, CheckContext context)
    {
        if (!BodyCatalogue.All.TryGetValue(operation.Name, out var type))
        {
            return null;
        }

        if (!context.Role.RootEquivalent)
        {
            context.Refuse("body", $"the body of {operation} is granted to root-equivalent roles only");
        }

        return type.Write(type.ReadOrDefault(body));
    }
}
