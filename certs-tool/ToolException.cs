namespace CertsTool;

/// <summary>A message for the person, with the exit code that product.md gives its kind. Hints stand on lines of their own.</summary>
internal sealed class ToolException(int exitCode, string message) : Exception(message)
{
    public const int Found = 1;
    public const int Usage = 2;
    public const int Damaged = 3;
    public const int CannotTell = 255;

    public int ExitCode => exitCode;
}
