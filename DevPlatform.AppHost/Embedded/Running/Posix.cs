using System.ComponentModel;
using System.Diagnostics;
using System.Runtime.InteropServices;

namespace DevPlatform.AppHost.Embedded;

internal enum PosixSignalNumber
{
    Interrupt = 2,
    Quit = 3,
    Kill = 9,
    Terminate = 15,
}

internal static class PosixSignalNames
{
    public static string ShellName(this PosixSignalNumber signal) => signal switch
    {
        PosixSignalNumber.Interrupt => "INT",
        PosixSignalNumber.Quit => "QUIT",
        PosixSignalNumber.Kill => "KILL",
        _ => "TERM",
    };
}

internal sealed record PosixUser(string Name, int UserId, int GroupId)
{
    /// <summary>An unprivileged user for what refuses to run as root; null when we are not root.</summary>
    public static PosixUser? Unprivileged()
    {
        if (!Posix.IsRoot)
        {
            return null;
        }

        var users = File.ReadLines("/etc/passwd").Select(line => line.Split(':')).Where(fields => fields.Length > 3).ToList();
        var entry = users.FirstOrDefault(fields => fields[0] == "postgres") ?? users.FirstOrDefault(fields => fields[0] == "nobody");
        return entry is null
            ? new PosixUser("65534", 65534, 65534)
            : new PosixUser(entry[0], int.Parse(entry[2]), int.Parse(entry[3]));
    }
}

/// <summary>The few system calls .NET has no name for.</summary>
internal static class Posix
{
    public static bool IsRoot { get; } = !OperatingSystem.IsWindows() && NativeMethods.GetEffectiveUserId() == 0;

    /// <summary>Signals every process of a group; false when there is none left.</summary>
    public static bool SignalGroup(int groupId, PosixSignalNumber signal) => NativeMethods.Kill(-groupId, (int)signal) == 0;

    public static bool Signal(int processId, PosixSignalNumber signal) => NativeMethods.Kill(processId, (int)signal) == 0;

    public static void ChangeOwner(string path, PosixUser user)
    {
        if (NativeMethods.ChangeOwner(path, user.UserId, user.GroupId) != 0)
        {
            throw new Win32Exception(Marshal.GetLastPInvokeError(), $"Cannot give {path} to user {user.Name}");
        }
    }

    /// <summary>The user id a file belongs to; a symbolic link is not followed.</summary>
    public static int OwnerOf(string path)
    {
        using var stat = Process.Start(new ProcessStartInfo("stat", ["-c", "%u", path]) { UseShellExecute = false, RedirectStandardOutput = true })!;
        return int.Parse(stat.StandardOutput.ReadToEnd());
    }

    private static class NativeMethods
    {
        [DllImport("libc", EntryPoint = "kill", SetLastError = true), DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
        internal static extern int Kill(int pid, int signal);

        [DllImport("libc", EntryPoint = "geteuid"), DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
        internal static extern uint GetEffectiveUserId();

        [DllImport("libc", EntryPoint = "chown", SetLastError = true, CharSet = CharSet.Ansi, BestFitMapping = false, ThrowOnUnmappableChar = true)]
        [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
        internal static extern int ChangeOwner(string path, int user, int group);
    }
}
