using System.Buffers.Text;
using Gateway.EngineApi.Documents;

namespace Gateway.EngineApi;

/// <summary>
/// The registry credentials of a request's head: one account (X-Registry-Auth), or accounts by registry (X-Registry-Config, builds
/// only). Read into typed documents and written anew; never logged (moby <c>api/pkg/authconfig</c>; threats §2.2, §3.4).
/// </summary>
/// <param name="Account">The account; null where the head was X-Registry-Config.</param>
/// <param name="Accounts">By the registry's name; empty where the head was X-Registry-Auth.</param>
internal sealed record RegistryAuth(AuthBody? Account, IReadOnlyDictionary<string, AuthBody> Accounts)
{
    private const string OneHead = "X-Registry-Auth";
    private const string ManyHead = "X-Registry-Config";
    private const int MaxHead = 16 << 10;

    private static readonly HashSet<string> ReadOne = new(StringComparer.Ordinal)
    {
        "ImageCreate", "ImagePush", "ImageSearch", "DistributionInspect", "GetPluginPrivileges", "PluginPull", "PluginPush", "PluginUpgrade", "ServiceCreate", "ServiceUpdate",
    };

    /// <summary>The registries that the credentials are for, as the caller wrote them; an empty one is Docker Hub.</summary>
    public IEnumerable<string> Registries =>
        Account is { } one ? [one.ServerAddress ?? ""] : Accounts.SelectMany(entry => entry.Value.ServerAddress is { Length: > 0 } address ? new[] { entry.Key, address } : [entry.Key]);

    /// <summary>The head to forward.</summary>
    public KeyValuePair<string, string> Head => Account is { } one
        ? new(OneHead, Encode(EngineBody.Write(one)))
        : new(ManyHead, Encode(EngineBody.Write(new Dictionary<string, AuthBody>(Accounts, StringComparer.Ordinal))));

    /// <summary>What the head of a request says; null where the operation reads none, or there is none.</summary>
    /// <exception cref="RequestRefusedException">It is not base64url of the JSON that the engine expects there.</exception>
    public static RegistryAuth? Read(EngineOperation operation, Func<string, string?> header)
    {
        if (ReadOne.Contains(operation.Name) && header(OneHead) is { Length: > 0 } one)
        {
            var json = Decode(one, OneHead);
            return new RegistryAuth(IsNull(json) ? new AuthBody() : EngineBody.Read<AuthBody>(json, "header " + OneHead), new Dictionary<string, AuthBody>());
        }

        return operation.Name == "ImageBuild" && header(ManyHead) is { Length: > 0 } many && Decode(many, ManyHead) is var accounts && !IsNull(accounts)
            ? new RegistryAuth(null, EngineBody.Read<Dictionary<string, AuthBody>>(accounts, "header " + ManyHead))
            : null;
    }

    /// <summary>The accounts by registry that are kept; one account of X-Registry-Auth is left as it is.</summary>
    /// <param name="keep">Given the registry's name and the account.</param>
    public RegistryAuth Of(Func<string, AuthBody, bool> keep) =>
        this with { Accounts = Accounts.Where(entry => keep(entry.Key, entry.Value)).ToDictionary(StringComparer.Ordinal) };

    /// <summary>Says that there are some, and no more.</summary>
    public override string ToString() => "registry credentials";

    private static bool IsNull(ReadOnlySpan<byte> json) => json.Trim(" \t\r\n"u8).SequenceEqual("null"u8);

    private static byte[] Decode(string text, string head)
    {
        // Go decodes with padding only; what it cannot decode it takes for no credentials at all, which nobody means.
        if (text.Length <= MaxHead && text.Length % 4 == 0 && !text.Any(char.IsWhiteSpace) && Base64Url.IsValid(text))
        {
            return Base64Url.DecodeFromChars(text);
        }

        throw new RequestRefusedException(400, $"header {head} is not base64url (RFC 4648 section 5, with padding) of at most {MaxHead >> 10} KiB", head);
    }

    private static string Encode(byte[] json)
    {
        var text = Base64Url.EncodeToString(json);
        return text.PadRight((text.Length + 3) / 4 * 4, '=');
    }
}
