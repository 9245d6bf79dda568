using System.CommandLine;
using Gateway.Policy.Files;
using Gateway.Policy.Files.Yaml;

namespace Gateway.Policy.Commands;

/// <summary><c>gateway policy sign DIR --key F</c>: the signature that <c>--policies-signature</c> checks.</summary>
internal static class PolicySignCommand
{
    private const int Signed = 0;
    private const int Usage = 2;
    private const int Invalid = 78;

    public static Command Create()
    {
        var dir = PolicySource.Folder();
        var key = new Option<string>("--key") { Description = "EC or RSA private key, PEM", Required = true };
        var command = new Command(
            "sign",
            "Prints a signature over all policy files; serve and the policy commands check it with --policies-signature and --policies-key, or GATEWAY_POLICIES_SIGNATURE and GATEWAY_POLICIES_KEY\n\nExample:\n  openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -out sign.key\n  openssl pkey -in sign.key -pubout -out sign.pub\n  gateway policy sign ./policies --key sign.key > policies.sig")
        {
            dir, key,
        };
        command.SetAction(parsed => Run(parsed.GetRequiredValue(dir), parsed.GetRequiredValue(key), new PolicyLoadOptions { Signature = null }, parsed.InvocationConfiguration.Output, parsed.InvocationConfiguration.Error));
        return command;
    }

    public static int Run(string dir, string keyFile, PolicyLoadOptions options, TextWriter output, TextWriter error)
    {
        if (PolicySource.Load(dir, options, error) is null)
        {
            return Invalid;
        }

        try
        {
            var findings = new Findings();
            var files = PolicyFolder.List(dir, findings).Select(path => (Path.GetFileName(path), YamlFile.ReadBytes(path, findings) ?? [])).ToList();
            output.Write(PolicySignature.Sign(files, File.ReadAllText(keyFile)));
            return Signed;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or FormatException)
        {
            error.WriteLine($"gateway: {e.Message}");
            return Usage;
        }
    }
}
