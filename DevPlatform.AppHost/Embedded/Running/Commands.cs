namespace DevPlatform.AppHost.Embedded;

/// <summary>Finds programs the way a shell does.</summary>
internal static class Commands
{
    public static string? Find(string command)
    {
        if (command.Contains('/') || command.Contains('\\'))
        {
            return File.Exists(command) ? command : null;
        }

        string[] names = OperatingSystem.IsWindows() ? [command + ".exe", command + ".cmd"] : [command];
        var directories = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries);
        // A service's PATH often lacks the directories that only administrators used to need.
        return directories.Concat(OperatingSystem.IsWindows() ? [] : ["/usr/sbin", "/sbin"])
            .SelectMany(directory => names, Path.Combine)
            .FirstOrDefault(File.Exists);
    }
}
