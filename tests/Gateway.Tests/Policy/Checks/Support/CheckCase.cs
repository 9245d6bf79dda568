namespace Gateway.Tests.Policy.Checks.Support;

/// <summary>One request from one minimal valid one with one change, and what one check must make of it.</summary>
/// <param name="Check">The id of the check that the case is about.</param>
/// <param name="Path">The changed field of the body, empty for all of it; null where the change is in the query.</param>
/// <param name="Value">Its value as JSON, or the query.</param>
/// <param name="Grants">Lines of a policy's grants beside, or in place of, the ordinary ones.</param>
/// <param name="Field">The field that a denial must name; null for a case that is allowed.</param>
/// <param name="Forwarded">What the forwarded body or query must hold.</param>
/// <param name="Name">The object in the path.</param>
/// <param name="Credentials">The JSON in X-Registry-Auth.</param>
internal sealed record CheckCase(string Operation, string Check, string? Path, string Value, string Grants, string? Field = null, string? Forwarded = null, string Name = "mine", string? Credentials = null)
{
    public override string ToString() => $"{Operation} {Check}: {Path ?? "?"} = {(Value.Length > 120 ? Value[..120] + $"… {Value.Length}" : Value)}{(Grants.Length == 0 ? "" : $" with {Grants}")}{(Name == "mine" ? "" : $" on {Name}")}{(Credentials is null ? "" : $" with {Credentials}")}";
}
