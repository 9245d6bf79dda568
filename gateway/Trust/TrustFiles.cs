using Gateway.Policy.Files;

namespace Gateway.Trust;

/// <summary>Where everything that is trusted is read from, and on what terms.</summary>
internal sealed record TrustFiles
{
    /// <summary>The folder of the policy files.</summary>
    public required string Policies { get; init; }

    public PolicyLoadOptions PolicyOptions { get; init; } = new();

    public required string AuthorityFile { get; init; }

    public required string CertificateFile { get; init; }

    public required string KeyFile { get; init; }

    public string? RevocationFile { get; init; }

    /// <summary>The file was named; else it counts from when it is first there, and must stay from then on.</summary>
    public bool RevocationExpected { get; init; }

    /// <summary>False for <c>--crl-expired warn</c>.</summary>
    public bool StaleListsRefuse { get; init; } = true;

    /// <summary>Every file by itself that is read at each reload, besides the folder of the policies.</summary>
    public IEnumerable<string> Watched => PolicyOptions.Signature?.File is { } signature ? Single.Append(signature) : Single;

    private IEnumerable<string> Single => new[] { AuthorityFile, CertificateFile, KeyFile, RevocationFile }.OfType<string>();
}
