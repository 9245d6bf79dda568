namespace Gateway.Identity;

/// <summary>The facts of a verified client certificate that decisions and audit records use.</summary>
/// <param name="Serial">Serial number, lower-case hex.</param>
/// <param name="Sha256">Fingerprint of the whole certificate, lower-case hex.</param>
/// <param name="Spki">Pin of the public key, <c>sha256:</c> and base64 of the SubjectPublicKeyInfo's digest.</param>
internal sealed record CertificateFacts(string Serial, string Sha256, string Spki);

/// <summary>
/// Who is at the other end of a connection. Made once a request, never trusted from anything the request says.
/// </summary>
/// <param name="Name">The name as the certificate gives it (the one CN), or the local account's; null where there is none that counts.</param>
/// <param name="Organizations">The subject's O values: groups.</param>
/// <param name="Certificate">The certificate, where there is one.</param>
/// <param name="Peer">The peer's address, or <c>uid:N</c>.</param>
/// <param name="Refusal">Why this peer is nobody (revoked, expired, not for clients …), or null.</param>
internal sealed record ClientIdentity(
    string? Name,
    IReadOnlyList<string> Organizations,
    CertificateFacts? Certificate,
    string Peer,
    string? Refusal)
{
    /// <summary>The name that the certificate claims even where it does not count: for records only.</summary>
    public string? ClaimedName { get; init; } = Name;

    /// <summary>The local account, where that and no certificate is what the peer proved.</summary>
    public LocalAccount? Account { get; init; }

    /// <summary>What an administrator has to do for a peer of whom the policy knows nothing.</summary>
    public string Unknown => Account is null
        ? $"no user \"{Name}\" in the policy; an administrator has to add one"
        : $"no user of the policy is the local account \"{Name}\"; an administrator has to write unix: {Name} into a user's entry";
}
