using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using Npgsql;

namespace DevPlatform.TestKit;

/// <summary>
/// A real PostgreSQL server for this test process: started on first use, on a free loopback port, in a temporary directory, with durability
/// off; stopped when the process ends, whichever way it ends. Ask for a database of your own with <see cref="CreateDatabaseAsync"/>.
/// </summary>
public sealed class PostgresServer : IAsyncDisposable
{
    private const string Password = "postgres";
    private static readonly Lazy<Task<PostgresServer>> Shared = new(() => Task.Run(() =>
    {
        RemoveLeftovers();
        return StartAsync("");
    }));
    private static int _own;
    private readonly string _directory;
    private readonly int _port;
    private Process _process;

    private PostgresServer(Process process, string directory, int port)
    {
        (_process, _directory, _port) = (process, directory, port);
        ConnectionString = ConnectionStringOf(port);
    }

    /// <summary>Connection string of the superuser <c>postgres</c> to the database <c>postgres</c>.</summary>
    public string ConnectionString { get; }

    /// <summary>The server of this test process.</summary>
    public static Task<PostgresServer> GetAsync() => Shared.Value;

    /// <summary>Starts another server, the caller's own to stop and to start again at its address.</summary>
    public static async Task<PostgresServer> StartOwnAsync()
    {
        // What is left of other runs is removed before there is a directory of this one.
        await GetAsync();
        return await Task.Run(() => StartAsync($"own{Interlocked.Increment(ref _own)}-"));
    }

    /// <summary>Stops the server as an administrator does: connections are cut.</summary>
    public async Task StopAsync()
    {
        Signal(_process, 2);
        await _process.WaitForExitAsync();
    }

    /// <summary>Starts a stopped server, at the address it had.</summary>
    public async Task StartAgainAsync()
    {
        _process = StartServer(PostgresBinaries.Find(), _directory, _port);
        if (!await IsReadyAsync(_process, _port))
        {
            throw new InvalidOperationException($"PostgreSQL did not start again: {await File.ReadAllTextAsync(LogOf(_directory))}");
        }
    }

    /// <inheritdoc />
    public ValueTask DisposeAsync()
    {
        Stop();
        return ValueTask.CompletedTask;
    }

    /// <summary>Creates a database with a name of its own and returns a superuser's connection string to it.</summary>
    /// <param name="template">Name of a database to copy (nobody may be connected to it); absent = an empty database.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    public static async Task<string> CreateDatabaseAsync(string? template = null, CancellationToken cancellationToken = default)
    {
        var server = await GetAsync();
        var name = $"test_{Guid.NewGuid():N}";
        await using var connection = new NpgsqlConnection(server.ConnectionString);
        await connection.OpenAsync(cancellationToken);
        await using var command = connection.CreateCommand();
        command.CommandText = $"CREATE DATABASE {name}" + (template is null ? "" : $" TEMPLATE \"{template}\"");
        await command.ExecuteNonQueryAsync(cancellationToken);
        return new NpgsqlConnectionStringBuilder(server.ConnectionString) { Database = name }.ConnectionString;
    }

    private static async Task<PostgresServer> StartAsync(string kind)
    {
        var bin = PostgresBinaries.Find();
        var directory = Path.Combine(Path.GetTempPath(), $"devplatform-pg-{kind}{Environment.ProcessId}");
        InitializeData(bin, directory);
        for (var attempt = 1; ; attempt++)
        {
            // PostgreSQL cannot pick its own port; another process may take this one first, hence the attempts.
            var port = FreePort();
            var process = StartServer(bin, directory, port);
            if (await IsReadyAsync(process, port))
            {
                var server = new PostgresServer(process, directory, port);
                AppDomain.CurrentDomain.ProcessExit += (_, _) => server.Stop();
                return server;
            }

            if (attempt == 5)
            {
                throw new InvalidOperationException($"PostgreSQL did not start: {await File.ReadAllTextAsync(LogOf(directory))}");
            }
        }
    }

    private static void InitializeData(string bin, string directory)
    {
        var passwordFile = directory + ".pw";
        File.WriteAllText(passwordFile, Password);
        var initdb = Process.Start(Unprivileged(
            [Path.Combine(bin, "initdb"), "-D", directory, "-U", "postgres", "-A", "scram-sha-256", $"--pwfile={passwordFile}", "-E",
                "UTF8", "--locale=C", "--no-sync"]))!;
        initdb.StandardInput.Close();
        var output = initdb.StandardOutput.ReadToEndAsync();
        var errors = initdb.StandardError.ReadToEnd();
        initdb.WaitForExit();
        File.Delete(passwordFile);
        if (initdb.ExitCode != 0)
        {
            throw new InvalidOperationException($"initdb failed: {errors}{output.Result}");
        }
    }

    private static Process StartServer(string bin, string directory, int port)
    {
        string[] settings =
        [
            "listen_addresses=127.0.0.1", $"port={port}", "unix_socket_directories=", "max_connections=400", "shared_buffers=64MB",
            "fsync=off", "synchronous_commit=off", "full_page_writes=off", "max_prepared_transactions=10", "logging_collector=off",
        ];
        var started = new TaskCompletionSource<Process>();
        // The parent-death signal fires when the *thread* that started the child ends, so that thread must live as long as the server.
        new Thread(() =>
        {
            var process = Process.Start(Unprivileged([Path.Combine(bin, "postgres"), "-D", directory,
                .. settings.SelectMany(s => new[] { "-c", s })]))!;
            process.OutputDataReceived += (_, _) => { };
            process.ErrorDataReceived += (_, line) => AppendLog(directory, line.Data);
            process.BeginOutputReadLine();
            process.BeginErrorReadLine();
            started.SetResult(process);
            process.WaitForExit();
        })
        { IsBackground = true, Name = "PostgreSQL" }.Start();
        return started.Task.GetAwaiter().GetResult();
    }

    private static async Task<bool> IsReadyAsync(Process process, int port)
    {
        var deadline = Stopwatch.StartNew();
        while (!process.HasExited && deadline.Elapsed < TimeSpan.FromSeconds(30))
        {
            try
            {
                await using var connection = new NpgsqlConnection(ConnectionStringOf(port));
                await connection.OpenAsync();
                return true;
            }
            catch (NpgsqlException)
            {
                await Task.Delay(25);
            }
        }

        Signal(process, 3);
        return false;
    }

    /// <summary>The server refuses to run as root, and must not outlive this process.</summary>
    private static ProcessStartInfo Unprivileged(string[] command)
    {
        string[] user = Environment.UserName == "root" ? [$"--reuid={ServerUser.Uid}", $"--regid={ServerUser.Gid}", "--clear-groups"] : [];
        string[] all = OperatingSystem.IsLinux() ? ["setpriv", .. user, "--pdeathsig=QUIT", "--", .. command] : command;
        var start = new ProcessStartInfo(all[0], all[1..])
        {
            WorkingDirectory = Path.GetTempPath(),
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment["LC_ALL"] = "C";
        return start;
    }

    /// <summary>Debian's <c>postgres</c> account where the package made one, else <c>nobody</c> (65534).</summary>
    private static (string Uid, string Gid) ServerUser { get; } =
        File.ReadLines("/etc/passwd").Select(l => l.Split(':')).FirstOrDefault(f => f[0] == "postgres") is { Length: > 3 } fields
            ? (fields[2], fields[3])
            : ("65534", "65534");

    private void Stop()
    {
        Signal(_process, 3);
        _process.WaitForExit(5000);
        Delete(_directory);
    }

    /// <summary>Servers whose test process was killed took themselves down, but nobody removed their directory.</summary>
    private static void RemoveLeftovers()
    {
        foreach (var directory in Directory.GetDirectories(Path.GetTempPath(), "devplatform-pg-*"))
        {
            if (int.TryParse(directory[(directory.LastIndexOf('-') + 1)..], out var pid)
                && (pid == Environment.ProcessId || !Directory.Exists($"/proc/{pid}")))
            {
                Delete(directory);
            }
        }
    }

    private static void Delete(string directory)
    {
        try
        {
            File.Delete(LogOf(directory));
            Directory.Delete(directory, recursive: true);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // Another user's, or still being written: the next run tries again.
        }
    }

    private static void AppendLog(string directory, string? line)
    {
        if (line is not null)
        {
            File.AppendAllText(LogOf(directory), line + "\n");
        }
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    private static string LogOf(string directory) => directory + ".log";

    private static string ConnectionStringOf(int port) =>
        $"Host=127.0.0.1;Port={port};Username=postgres;Password={Password};Database=postgres;Maximum Pool Size=20;Include Error Detail=true";

    private static void Signal(Process process, int signal)
    {
        if (!process.HasExited)
        {
            _ = Kill(process.Id, signal);
        }
    }

    [DllImport("libc", EntryPoint = "kill")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Kill(int pid, int signal);
}
