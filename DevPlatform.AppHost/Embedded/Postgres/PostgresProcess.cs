namespace DevPlatform.AppHost.Embedded.Postgres;

/// <summary>A real PostgreSQL server: its data directory is made on first use, and is taken over from a host that died.</summary>
internal sealed class PostgresProcess(PostgresServerResource resource, StateDirectory state, bool temporary)
{
    // PostgreSQL refuses to run as root.
    private readonly PosixUser? _user = PosixUser.Unprivileged();

    public async Task<ProcessSpec?> PrepareAsync(LaunchContext context)
    {
        var binaries = await PostgresBinaries.FindAsync(state, context);
        context.Log($"{binaries.Version} from {binaries.Directory}");
        var data = Path.Combine(state.Root, resource.Name);
        if (File.Exists(Path.Combine(data, "PG_VERSION")))
        {
            RefuseOtherVersion(data, binaries);
            await EndPreviousServerAsync(data, context.CancellationToken);
        }
        else
        {
            await CreateAsync(data, binaries, context);
        }

        List<string> arguments =
        [
            "-D", data, "-p", $"{resource.PrimaryEndpoint.Port}",
            "-c", "listen_addresses=localhost", "-c", "unix_socket_directories=",
            "-c", "max_connections=200", "-c", "shared_buffers=128MB", "-c", "log_checkpoints=off",
            "-c", "log_line_prefix=", "-c", "wal_level=logical",
        ];
        if (OperatingSystem.IsLinux() && int.Parse(binaries.Major) >= 14)
        {
            // After a crash, one call for the whole disk instead of one for each of a thousand files.
            arguments.AddRange(["-c", "recovery_init_sync_method=syncfs"]);
        }

        if (temporary)
        {
            // Nobody reads this data after the machine went down. A killed server loses nothing, for the kernel has what it wrote.
            arguments.AddRange(["-c", "fsync=off", "-c", "full_page_writes=off"]);
        }

        return new ProcessSpec(binaries.Server, arguments, "/", context.Environment)
        {
            User = _user,
            StopSignal = PosixSignalNumber.Interrupt,
            DeathSignal = PosixSignalNumber.Quit,
            StopTimeout = TimeSpan.FromSeconds(10),
        };
    }

    private async Task CreateAsync(string data, PostgresBinaries binaries, LaunchContext context)
    {
        // Made aside and moved into place, so that a host killed here leaves nothing half done.
        var making = data + ".new";
        if (Directory.Exists(making))
        {
            Directory.Delete(making, recursive: true);
        }

        Directory.CreateDirectory(making);
        var passwordFile = making + ".password";
        await File.WriteAllTextAsync(passwordFile, await resource.PasswordParameter.GetValueAsync(context.CancellationToken), context.CancellationToken);
        File.SetUnixFileMode(passwordFile, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        if (_user is not null)
        {
            Posix.ChangeOwner(making, _user);
            Posix.ChangeOwner(passwordFile, _user);
        }

        try
        {
            string user = (await resource.UserNameReference.GetValueAsync(context.CancellationToken))!;
            await context.Launcher.RunAsync(
                new ProcessSpec(
                    binaries.InitDb,
                    ["-D", making, "-U", user, "-A", "scram-sha-256", $"--pwfile={passwordFile}", "-E", "UTF8", "--no-locale", "--no-sync"],
                    "/",
                    context.Environment)
                { User = _user },
                context.CancellationToken);
        }
        finally
        {
            File.Delete(passwordFile);
        }

        Directory.Move(making, data);
    }

    private static void RefuseOtherVersion(string data, PostgresBinaries binaries)
    {
        var made = File.ReadAllText(Path.Combine(data, "PG_VERSION")).Trim();
        if (made != binaries.Major)
        {
            throw new DistributedApplicationException(
                $"{data} was made by PostgreSQL {made}, but {binaries.Directory} has {binaries.Major}. Set DEVPLATFORM_PG_BIN to the folder of version {made}, or start with --clean.");
        }
    }

    /// <summary>We hold the lock of the state directory, so a server on this data is what a killed host left behind.</summary>
    private static async Task EndPreviousServerAsync(string data, CancellationToken cancellationToken)
    {
        var pidFile = Path.Combine(data, "postmaster.pid");
        if (!File.Exists(pidFile) || !int.TryParse(File.ReadLines(pidFile).FirstOrDefault(), out var pid) || !IsServerOf(pid, data))
        {
            return;
        }

        Posix.Signal(pid, PosixSignalNumber.Quit);
        for (var waited = 0; IsServerOf(pid, data); waited++)
        {
            if (waited == 50)
            {
                Posix.Signal(pid, PosixSignalNumber.Kill);
            }

            await Task.Delay(100, cancellationToken);
        }
    }

    private static bool IsServerOf(int pid, string data)
    {
        try
        {
            return File.ReadAllText($"/proc/{pid}/cmdline").Split('\0').Contains(data);
        }
        catch (IOException)
        {
            return false;
        }
    }
}
