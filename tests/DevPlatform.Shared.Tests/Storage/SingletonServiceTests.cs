using System.Collections.Concurrent;
using DevPlatform.Shared.Storage;
using DevPlatform.TestKit;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;

namespace DevPlatform.Shared.Tests.Storage;

public sealed class SingletonServiceTests
{
    [Fact]
    public async Task Runs_on_one_replica_and_moves_when_that_one_stops()
    {
        var connection = await PostgresServer.CreateDatabaseAsync();
        await using var first = await Replica.StartAsync(connection);
        await first.RunsAsync();
        await using var second = await Replica.StartAsync(connection);
        await second.TriedAsync();
        second.Running.ShouldBeFalse();

        await first.StopAsync();

        await second.RunsAsync();
    }

    [Fact]
    public async Task Moves_when_the_connection_that_holds_the_lock_is_cut()
    {
        var connection = await PostgresServer.CreateDatabaseAsync();
        await using var first = await Replica.StartAsync(connection);
        await first.RunsAsync();
        await using var second = await Replica.StartAsync(connection);
        await second.TriedAsync();

        await CutAsync(connection, first.ApplicationName);

        await Eventually.BeAsync(() => Task.FromResult(first.Stops > 0));
        await Eventually.BeAsync(() => Task.FromResult(first.Running ^ second.Running));
    }

    [Fact]
    public async Task Starts_again_after_a_failure()
    {
        await using var only = await Replica.StartAsync(await PostgresServer.CreateDatabaseAsync(), failures: 2);

        await only.RunsAsync();
        only.Starts.ShouldBe(3);
    }

    [Fact]
    public async Task Never_runs_twice_at_once()
    {
        var connection = await PostgresServer.CreateDatabaseAsync();
        var running = new ConcurrentDictionary<string, bool>();
        var overlaps = 0;
        var replicas = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Replica.StartAsync(connection, onChange: (name, runs) =>
        {
            running[name] = runs;
            Interlocked.Add(ref overlaps, running.Values.Count(r => r) > 1 ? 1 : 0);
        })));

        foreach (var replica in replicas)
        {
            await Eventually.BeAsync(() => Task.FromResult(running.Values.Any(r => r)));
            await replica.StopAsync();
        }

        overlaps.ShouldBe(0);
    }

    private static async Task CutAsync(string connectionString, string applicationName)
    {
        await using var connection = new NpgsqlConnection(connectionString);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand("select count(pg_terminate_backend(pid)) from pg_stat_activity where application_name = $1", connection);
        command.Parameters.AddWithValue(applicationName);
        (await command.ExecuteScalarAsync()).ShouldBe(1L);
    }

    /// <summary>The service in one of several processes: a data source of its own.</summary>
    private sealed class Replica : SingletonService, IAsyncDisposable
    {
        private readonly NpgsqlDataSource _dataSource;
        private readonly Action<string, bool> _onChange;
        private int _failures;
        private int _waits;

        private Replica(NpgsqlDataSource dataSource, string name, int failures, Action<string, bool>? onChange)
            : base(dataSource, TimeProvider.System, NullLogger.Instance) =>
            (_dataSource, ApplicationName, _failures, _onChange) = (dataSource, name, failures, onChange ?? ((_, _) => { }));

        public string ApplicationName { get; }

        public bool Running { get; private set; }

        public int Starts { get; private set; }

        public int Stops { get; private set; }

        protected override TimeSpan RetryInterval
        {
            get
            {
                Interlocked.Increment(ref _waits);
                return TimeSpan.FromMilliseconds(100);
            }
        }

        protected override string LockName => "tests:singleton";

        public static async Task<Replica> StartAsync(string connectionString, int failures = 0, Action<string, bool>? onChange = null)
        {
            var name = $"replica-{Guid.NewGuid():N}";
            var dataSource = NpgsqlDataSource.Create(new NpgsqlConnectionStringBuilder(connectionString) { ApplicationName = name });
            var replica = new Replica(dataSource, name, failures, onChange);
            await replica.StartAsync(CancellationToken.None);
            await replica.StartedAsync(CancellationToken.None);
            return replica;
        }

        public Task RunsAsync() => Eventually.BeAsync(() => Task.FromResult(Running));

        /// <summary>It has asked for the lock and not got it: only then it waits.</summary>
        public Task TriedAsync() => Eventually.BeAsync(() => Task.FromResult(_waits > 0));

        public Task StopAsync() => StopAsync(CancellationToken.None);

        public async ValueTask DisposeAsync()
        {
            await StopAsync();
            Dispose();
            await _dataSource.DisposeAsync();
        }

        protected override async Task RunAsync(CancellationToken cancellationToken)
        {
            Starts++;
            if (_failures-- > 0)
            {
                throw new InvalidOperationException("not today");
            }

            Running = true;
            _onChange(ApplicationName, true);
            try
            {
                await Task.Delay(Timeout.Infinite, cancellationToken);
            }
            finally
            {
                Running = false;
                Stops++;
                _onChange(ApplicationName, false);
            }
        }
    }
}
