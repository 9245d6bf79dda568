using System.Diagnostics;

namespace Gateway.EndToEnd.Support;

internal sealed record RunResult(int ExitCode, string Output, string Error)
{
    public string Whole => $"exit {ExitCode}\n{Output}\n{Error}";
}

/// <summary>Runs a program to its end, with a limit that only a hang reaches.</summary>
internal static class Run
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(8);

    public static async Task<RunResult> Async(string program, IEnumerable<string> arguments, byte[]? input = null, IReadOnlyDictionary<string, string>? environment = null)
    {
        var start = new ProcessStartInfo(program, arguments) { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var (name, value) in environment ?? new Dictionary<string, string>())
        {
            start.Environment[name] = value;
        }

        using var process = Process.Start(start)!;
        using var limit = new CancellationTokenSource(Limit);
        try
        {
            var output = process.StandardOutput.ReadToEndAsync(limit.Token);
            var error = process.StandardError.ReadToEndAsync(limit.Token);
            if (input is not null)
            {
                await process.StandardInput.BaseStream.WriteAsync(input, limit.Token);
            }

            process.StandardInput.Close();
            await process.WaitForExitAsync(limit.Token);
            return new RunResult(process.ExitCode, await output, await error);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            throw new TimeoutException($"{program} {string.Join(' ', start.ArgumentList)} did not end");
        }
    }
}
