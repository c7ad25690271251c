using DevPlatform.Identity.Contracts;
using DevPlatform.Shared.Audit;
using DevPlatform.Shared.Errors;
using DevPlatform.Shared.Identity;
using DevPlatform.Shared.Permissions;
using DevPlatform.Shared.Storage;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Npgsql;
using Wolverine;

namespace DevPlatform.Identity.Organization;

/// <summary>Tells the catalog every now and then who is in the organization (RFC §8.6.3); on one replica.</summary>
internal sealed class OrganizationSync(
    NpgsqlDataSource dataSource, TimeProvider time, ILogger<OrganizationSync> logger, OrganizationReader reader, IServiceScopeFactory scopes, IOptions<OrganizationOptions> options)
    : SingletonService(dataSource, time, logger)
{
    private static readonly TimeSpan RetryAfter = TimeSpan.FromSeconds(30);

    private readonly TimeProvider _time = time;
    private readonly ILogger _logger = logger;

    protected override string LockName => "identity:organization-sync";

    protected override async Task RunAsync(CancellationToken cancellationToken)
    {
        while (options.Value.Enabled)
        {
            var next = options.Value.Interval;
            try
            {
                var organization = await reader.ReadAsync(cancellationToken);
                await using var scope = scopes.CreateAsyncScope();
                await scope.ServiceProvider.GetRequiredService<IMessageBus>().InvokeAsync(organization, cancellationToken);
                _logger.LogDebug("The organization has {Users} users and {Groups} groups", organization.Users.Count, organization.Groups.Count);
            }
            catch (ServiceUnavailableException e)
            {
                _logger.LogWarning("The organization cannot be read and stays as it is known: {Reason}", e.Message);
                next = next < RetryAfter ? next : RetryAfter;
            }

            await Task.Delay(next, _time, cancellationToken);
        }

        await Task.Delay(Timeout.InfiniteTimeSpan, cancellationToken);
    }
}

/// <summary><c>POST /api/identity/organization/sync</c>: reads the organization now.</summary>
internal static class OrganizationEndpoint
{
    public static void Map(IEndpointRouteBuilder identity) => identity.MapPost("/organization/sync", RunAsync)
        .RequirePermission(IdentityPermissions.OrganizationSync)
        .WithSummary("Reads users and groups from Keycloak into the catalog now")
        .WithDescription("200 with users and groups (counts), 404 when the sync is not configured, 503 when Keycloak does not answer in full.");

    private static async Task<IResult> RunAsync(
        Caller caller, OrganizationReader reader, IMessageBus bus, IAuditTrail audit, IOptions<OrganizationOptions> options, CancellationToken cancellationToken)
    {
        if (!options.Value.Enabled)
        {
            throw new NotFoundException($"{OrganizationOptions.Section} is not enabled");
        }

        var organization = await reader.ReadAsync(cancellationToken);
        await bus.InvokeAsync(organization, cancellationToken);
        await audit.RecordAsync(caller.ToActor(), "identity.organization.sync", $"realm:{organization.Source}", AuditResult.Success);
        return Results.Ok(new { users = organization.Users.Count, groups = organization.Groups.Count });
    }
}
