using System.Diagnostics;

namespace DevPlatform.MockTools.Tests.Support;

/// <summary>The git program as a user runs it, without that user's configuration or credential helpers.</summary>
internal static class GitCli
{
    public static async Task<(int ExitCode, string Output)> RunAsync(string directory, params string[] arguments)
    {
        var start = new ProcessStartInfo("git", arguments)
        {
            WorkingDirectory = directory,
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment["GIT_TERMINAL_PROMPT"] = "0";
        start.Environment["GIT_CONFIG_GLOBAL"] = "/dev/null";
        start.Environment["GIT_CONFIG_NOSYSTEM"] = "1";
        foreach (var who in (string[])["AUTHOR", "COMMITTER"])
        {
            start.Environment[$"GIT_{who}_NAME"] = "Ana";
            start.Environment[$"GIT_{who}_EMAIL"] = "ana@example.com";
        }

        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEndAsync();
        var errors = process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        return (process.ExitCode, await output + await errors);
    }

    public static async Task<string> OkAsync(string directory, params string[] arguments)
    {
        var (exitCode, output) = await RunAsync(directory, arguments);
        exitCode.ShouldBe(0, $"git {string.Join(' ', arguments)}: {output}");
        return output.Trim();
    }

    /// <summary>Adds everything in the working copy, commits and pushes it.</summary>
    public static async Task CommitAndPushAsync(string directory, string message)
    {
        await OkAsync(directory, "add", "-A");
        await OkAsync(directory, "commit", "-q", "-m", message);
        await OkAsync(directory, "push", "-q", "origin", "HEAD:main");
    }
}
