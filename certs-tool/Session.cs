using CertsTool.Certificates;

namespace CertsTool;

/// <summary>What a run has of the world beside its arguments: where it writes, and what time it is.</summary>
internal sealed record Session(Terminal Terminal, TimeProvider Clock)
{
    // Before this tool was written no clock that is right can stand; one that lost its battery stands in 1970.
    private static readonly DateTimeOffset Earliest = new(2025, 1, 1, 0, 0, 0, TimeSpan.Zero);

    public DateTimeOffset Now => Clock.GetUtcNow();

    /// <summary>The time, for what is going to be signed.</summary>
    /// <exception cref="ToolException">The clock is wrong: everything signed now would be too.</exception>
    public DateTimeOffset SigningTime => Now >= Earliest ? Now
        : throw new ToolException(ToolException.Usage, $"this machine's clock says {Now:yyyy-MM-dd HH:mm}, which cannot be; nothing was changed\nset it (timedatectl set-ntp true), then run the command again");

    /// <summary>Runs a command and gives its exit code; what a person can mend is a message, not a stack.</summary>
    public int Run(Func<int> command)
    {
        try
        {
            return command();
        }
        catch (ToolException e)
        {
            Terminal.Note(e.Message);
            return e.ExitCode;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            Terminal.Note(Terminal.Plain(e.Message));
            return ToolException.Damaged;
        }
        catch (Exception e) when (PemFile.IsUnreadable(e))
        {
            // What nobody foresaw is one line too, and whatever was being prepared is not decided.
            Terminal.Note($"unexpected: {PemFile.Words(e)}\nlook for what is wrong with: certs-tool verify");
            return ToolException.Damaged;
        }
    }
}
