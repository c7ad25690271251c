namespace DevPlatform.TestKit;

/// <summary>A platform on a PostgreSQL server of its own, which a test may stop.</summary>
public sealed class OwnDatabasePlatform : PlatformApi
{
    /// <summary>Its server.</summary>
    public PostgresServer Server { get; private set; } = null!;

    /// <inheritdoc />
    protected override async Task<string> CreateDatabaseAsync()
    {
        Server = await PostgresServer.StartOwnAsync();
        await MigrateAsync(Server.ConnectionString);
        return Server.ConnectionString;
    }

    /// <inheritdoc />
    public override async Task DisposeAsync()
    {
        await base.DisposeAsync();
        await Server.DisposeAsync();
    }
}
