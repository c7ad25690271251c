using DevPlatform.Access;
using DevPlatform.Api.Errors;
using DevPlatform.Api.Web;
using DevPlatform.Api.Web.Portal;
using DevPlatform.Catalog;
using DevPlatform.Identity;
using DevPlatform.Integrations;
using DevPlatform.Scaffolder;
using DevPlatform.ServiceDefaults;
using DevPlatform.Shared.Messaging;
using DevPlatform.Shared.Storage;
using Microsoft.Extensions.Options;
using Npgsql;

namespace DevPlatform.Api.Hosting;

/// <summary>The composition root: one host with every module in it. It holds no logic of its own.</summary>
public static class PlatformHost
{
    private const string MigrateVerb = "migrate";
    private const string DatabaseName = "devplatform";
    private static readonly TimeSpan RegexLimit = TimeSpan.FromSeconds(2);

    /// <summary>
    /// Runs the platform, or with <c>migrate</c> as first argument brings the database up to date and ends. A start that fails for a reason
    /// the operator can mend prints that reason in one line.
    /// </summary>
    /// <param name="args"><c>migrate</c>, and settings as <c>--Key:Part=value</c>.</param>
    /// <param name="errors">Where that line goes; by default the process's error output.</param>
    /// <returns>The exit code: 0, or 1 when it could not start.</returns>
    public static async Task<int> RunAsync(string[] args, TextWriter? errors = null)
    {
        // Templates bring regular expressions of their own (JSON Schema "pattern"), and the schema library sets no limit.
        AppDomain.CurrentDomain.SetData("REGEX_DEFAULT_MATCH_TIMEOUT", RegexLimit);
        try
        {
            var migrateOnly = args is [MigrateVerb, ..];
            await using var app = Build(migrateOnly ? args[1..] : args, builder => _ = ConnectEarlyAsync(builder.Configuration));
            if (migrateOnly)
            {
                await app.MigrateAsync();
                return 0;
            }

            await app.StartPlatformAsync();
            await app.WaitForShutdownAsync();
            return 0;
        }
        catch (Exception e) when (StartFailure.Explain(e) is { } reason)
        {
            await (errors ?? Console.Error).WriteLineAsync($"DevPlatform.Api cannot start: {reason}");
            return 1;
        }
    }

    /// <summary>Builds the host with everything mapped; <see cref="StartPlatformAsync"/> starts it.</summary>
    /// <param name="args">Settings as <c>--Key:Part=value</c>.</param>
    /// <param name="configure">What a test replaces (the clock) before the host is built.</param>
    public static WebApplication Build(string[] args, Action<WebApplicationBuilder>? configure = null)
    {
        var builder = WebApplication.CreateBuilder(new WebApplicationOptions
        {
            Args = args,
            ApplicationName = typeof(PlatformHost).Assembly.GetName().Name,
            ContentRootPath = AppContext.BaseDirectory,
        });
        builder.AddSecretFiles();
        builder.AddServiceDefaults();
        builder.AddRequestLimits();
        builder.Services.AddHostedService<MemoryReturn>();
        builder.AddErrorBodies();
        var connectionString = builder.AddNpgsqlDataSource(DatabaseName);
        builder.AddPlatformMessaging(connectionString, typeof(PlatformHost).Assembly);
        builder.Services.AddSingleton<DatabaseMigrator>();
        builder.AddApiDescription();
        builder.AddIdentity();
        builder.AddCatalog();
        builder.AddScaffolder();
        builder.AddAccess();
        builder.AddIntegrations();
        configure?.Invoke(builder);

        var app = builder.Build();
        app.UsePlatformPipeline();
        app.MapDefaultEndpoints();
        app.MapApiDescription();
        app.MapIdentity();
        app.MapCatalog();
        app.MapScaffolder();
        app.MapAccess();
        app.MapIntegrations();
        app.MapPortal();
        return app;
    }

    /// <summary>Starts a host that <see cref="Build"/> made; in Development the database is brought up to date first.</summary>
    public static async Task StartPlatformAsync(this WebApplication app)
    {
        // Both take time and neither needs the other.
        var database = Task.Run(() => app.Environment.IsDevelopment() ? app.MigrateAsync() : app.CheckDatabaseAsync());
        try
        {
            app.Services.GetRequiredService<IStartupValidator>().Validate();
            EndpointGuard.Check(app);
        }
        finally
        {
            await database.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        await database;
        await app.StartAsync();
    }

    /// <summary>The first connection takes a while, mostly for the compiler; the host can be built beside it. Whether it works is found out later.</summary>
    private static Task ConnectEarlyAsync(IConfiguration configuration) => Task.Run(async () =>
    {
        try
        {
            await using var connection = new NpgsqlConnection($"{configuration.GetConnectionString(DatabaseName)};Pooling=false");
            await connection.OpenAsync();
        }
        catch (Exception e) when (e is NpgsqlException or ArgumentException or TimeoutException)
        {
        }
    });

    private static Task CheckDatabaseAsync(this WebApplication app) =>
        app.Services.GetRequiredService<DatabaseMigrator>().CheckAsync(app.Lifetime.ApplicationStopping);

    private static Task MigrateAsync(this WebApplication app) =>
        app.Services.GetRequiredService<DatabaseMigrator>().MigrateAsync(app.Lifetime.ApplicationStopping);
}
