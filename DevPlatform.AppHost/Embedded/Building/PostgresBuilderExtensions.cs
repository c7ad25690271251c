using DevPlatform.AppHost.Embedded;
using DevPlatform.AppHost.Embedded.Postgres;

namespace Aspire.Hosting;

public static class PostgresBuilderExtensions
{
    /// <summary>A PostgreSQL server as a local process, with its data in the state directory.</summary>
    public static IResourceBuilder<PostgresServerResource> AddPostgres(
        this IDistributedApplicationBuilder builder,
        string name,
        IResourceBuilder<ParameterResource>? userName = null,
        IResourceBuilder<ParameterResource>? password = null,
        int? port = null)
    {
        password ??= builder.AddParameter($"{name}-password", secret: true);
        var resource = new PostgresServerResource(name, userName?.Resource, password.Resource);
        var server = new PostgresProcess(resource, builder.Embedded().State, builder.Embedded().Options.Temporary);
        return builder.AddResource(resource)
            .WithEndpoint(port: port, scheme: "tcp", name: "tcp")
            .WithAnnotation(new LaunchAnnotation(server.PrepareAsync))
            .WithAnnotation(new HealthCheckAnnotation($"{name}_check")
            {
                Check = async cancellationToken => await HealthProbe.PostgresAsync(await resource.ConnectionStringExpression.GetValueAsync(cancellationToken), cancellationToken),
            });
    }

    /// <summary>Creates the database when the server is up, unless it is there.</summary>
    public static IResourceBuilder<PostgresDatabaseResource> AddDatabase(
        this IResourceBuilder<PostgresServerResource> builder, string name, string? databaseName = null)
    {
        var resource = new PostgresDatabaseResource(name, databaseName ?? name, builder.Resource);
        builder.Resource.AddDatabase(name, resource.DatabaseName);
        return builder.ApplicationBuilder.AddResource(resource)
            .WithAnnotation(new WaitAnnotation(builder.Resource, WaitType.WaitUntilHealthy))
            .WithAnnotation(new LaunchAnnotation(async context =>
            {
                await DatabaseCreation.EnsureAsync(resource, context.CancellationToken);
                return null;
            }))
            .WithAnnotation(new HealthCheckAnnotation($"{name}_check")
            {
                Check = async cancellationToken => await HealthProbe.PostgresAsync(await resource.ConnectionStringExpression.GetValueAsync(cancellationToken), cancellationToken),
            });
    }
}
