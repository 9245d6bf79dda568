using Gateway.EngineApi.Documents;

namespace Gateway.Policy.Checks;

/// <summary>
/// An operation for root-equivalent roles alone: its body is read and written anew, and not judged. What it says is recorded all
/// the same, field by field as it stands here.
/// </summary>
internal sealed class RootOnlyChecks(string operation, params IEnumerable<string> recorded) : OperationChecks(operation, [], [], recorded)
{
    private readonly BodyType? type = BodyCatalogue.All.GetValueOrDefault(operation);

    public override Type? Document => type?.Document;

    public override byte[]? Run(CheckContext context, ReadOnlyMemory<byte> body)
    {
        if (type is null)
        {
            return null;
        }

        if (!context.Role.RootEquivalent)
        {
            context.Refuse("body", $"the body of {Operation} is granted to root-equivalent roles only");
        }

        return type.Write(type.ReadOrDefault(body));
    }
}
