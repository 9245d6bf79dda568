namespace Gateway.Serve;

/// <summary>Settings do not let the gateway start: every reason, and the exit code.</summary>
internal sealed class SettingsException(int exitCode, IReadOnlyList<string> problems) : Exception(string.Join('\n', problems))
{
    public int ExitCode => exitCode;

    public IReadOnlyList<string> Problems => problems;
}
