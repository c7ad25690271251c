using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace DevPlatform.ServiceDefaults;

/// <summary>Registers PostgreSQL under the keys that Aspire's client integration reads.</summary>
public static class NpgsqlDataSourceExtensions
{
    private const string Section = "Aspire:Npgsql";

    /// <summary>Connections per process and pool where the connection string does not say: many replicas share one server.</summary>
    private const int DefaultMaxPoolSize = 25;

    /// <summary>
    /// Adds an <see cref="NpgsqlDataSource"/> for connection string <paramref name="connectionName"/> with a readiness check. The string is
    /// <c>Aspire:Npgsql:&lt;name&gt;:ConnectionString</c>, <c>Aspire:Npgsql:ConnectionString</c> or <c>ConnectionStrings:&lt;name&gt;</c>,
    /// the last winning; <c>Aspire:Npgsql[:&lt;name&gt;]:DisableHealthChecks</c> leaves the check out.
    /// </summary>
    /// <returns>The connection string in use, with our pool size where it names none.</returns>
    /// <exception cref="StartupException">There is no such connection string, or it cannot be parsed.</exception>
    public static string AddNpgsqlDataSource(this IHostApplicationBuilder builder, string connectionName)
    {
        var connectionString = GetConnectionString(builder.Configuration, connectionName);
        builder.Services.AddSingleton(services => new NpgsqlDataSourceBuilder(connectionString)
            .UseLoggerFactory(services.GetRequiredService<ILoggerFactory>())
            .Build());
        if (!IsSet(builder.Configuration, connectionName, "DisableHealthChecks"))
        {
            builder.Services.AddHealthChecks().AddCheck<PostgresHealthCheck>("postgres", tags: [HealthEndpoints.Ready], timeout: TimeSpan.FromSeconds(3));
        }

        return connectionString;
    }

    private static string GetConnectionString(IConfiguration configuration, string name)
    {
        var found = configuration.GetConnectionString(name)
            ?? configuration[$"{Section}:{name}:ConnectionString"]
            ?? configuration[$"{Section}:ConnectionString"];
        if (string.IsNullOrWhiteSpace(found))
        {
            throw new StartupException(
                $"ConnectionStrings:{name}: found nothing; allowed: an Npgsql connection string such as Host=localhost;Database={name};Username=…");
        }

        try
        {
            var parsed = new NpgsqlConnectionStringBuilder(found);
            if (!parsed.Any(pair => pair.Key is "Maximum Pool Size"))
            {
                parsed.MaxPoolSize = DefaultMaxPoolSize;
            }

            parsed.ApplicationName ??= name;
            return parsed.ConnectionString;
        }
        catch (Exception e) when (e is ArgumentException or FormatException)
        {
            // The string holds a password: do not repeat it.
            throw new StartupException($"ConnectionStrings:{name}: not an Npgsql connection string ({e.Message})", e);
        }
    }

    private static bool IsSet(IConfiguration configuration, string name, string key) =>
        configuration.GetValue($"{Section}:{name}:{key}", configuration.GetValue($"{Section}:{key}", false));
}

/// <summary>One round trip to PostgreSQL.</summary>
internal sealed class PostgresHealthCheck(NpgsqlDataSource dataSource) : IHealthCheck
{
    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        try
        {
            await using var command = dataSource.CreateCommand("select 1");
            await command.ExecuteScalarAsync(cancellationToken);
            return HealthCheckResult.Healthy();
        }
        catch (Exception e) when (e is NpgsqlException or OperationCanceledException)
        {
            return HealthCheckResult.Unhealthy(exception: e);
        }
    }
}
