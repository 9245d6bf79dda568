namespace CertsTool;

/// <summary>The only place that writes to the terminal: results to stdout, problems to stderr, lower case, no full stop.</summary>
internal static class Terminal
{
    public static void Print(string line) => Console.Out.WriteLine(line);

    public static void Error(string message) => Console.Error.WriteLine($"certs-tool: {message}");

    /// <summary>Runs a command and gives its exit code; what a person can mend is a message, not a stack.</summary>
    public static int Run(Func<int> command)
    {
        try
        {
            return command();
        }
        catch (ToolException e)
        {
            Error(e.Message);
            return e.ExitCode;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            Error(e.Message);
            return ToolException.Found;
        }
    }
}
