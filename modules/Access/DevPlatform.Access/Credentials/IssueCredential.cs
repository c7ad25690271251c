using DevPlatform.Access.Contracts;
using DevPlatform.Access.Data;
using DevPlatform.Access.Policy;
using DevPlatform.Access.Requests;
using DevPlatform.Catalog.Contracts;
using DevPlatform.Shared.Audit;
using DevPlatform.Shared.Errors;
using DevPlatform.Shared.Identity;
using DevPlatform.Shared.Permissions;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Wolverine;

namespace DevPlatform.Access.Credentials;

/// <summary>A database credential; shown once, kept nowhere (INV-9).</summary>
/// <param name="Username">User name.</param>
/// <param name="Password">Password.</param>
/// <param name="Host">Where to connect, or null when the entity does not say.</param>
/// <param name="Port">Port, or null.</param>
/// <param name="Database">Database, or null.</param>
/// <param name="ExpiresAt">When the credential ends, never after the access.</param>
internal sealed record IssuedCredential(string Username, string Password, string? Host, int? Port, string? Database, DateTimeOffset ExpiresAt)
{
    // Records print their members, and one of these is a secret.
    public override string ToString() => nameof(IssuedCredential);
}

internal static class IssueCredentialEndpoint
{
    public static void Map(RouteGroupBuilder group) =>
        group.MapPost("/requests/{id:guid}/credentials", HandleAsync)
            .RequirePermission(AccessPermissions.RequestCreate)
            .WithSummary("Get the credential of one's active access")
            .WithDescription(
                "Has Vault make a database credential that ends no later than the access, and shows it once, to the requester alone. 400: the target has "
                + "no credentials of ours (SSH and Kubernetes use Teleport's own certificates). 403: somebody else's. 409 with the current state: it is "
                + "not active, or the credential has been issued. 503: Vault does not answer; nothing was issued.");

    private static async Task<IssuedCredential> HandleAsync(Guid id, Caller caller, HttpContext http, CredentialIssuer issuer, IMessageBus bus)
    {
        http.Response.Headers.CacheControl = "no-store";
        var (credential, resourceRef) = await issuer.IssueAsync(id, caller, http.RequestAborted);
        var entity = await bus.InvokeAsync<EntityDocument>(new GetEntity(resourceRef), http.RequestAborted);
        var connection = ConnectionInfo.Read(entity.Json);
        return credential with { Host = connection.Host, Port = connection.Port, Database = connection.Database };
    }
}

/// <summary>Issues the one credential of an access request.</summary>
internal sealed class CredentialIssuer(
    AccessTransaction transaction, AccessTransitions transitions, VaultCredentials vault, IAuditTrail audit, TimeProvider time)
{
    // A process that died while issuing must not block the credential for ever; longer than any call to Vault takes.
    private static readonly TimeSpan ReservationTime = TimeSpan.FromMinutes(1);

    public async Task<(IssuedCredential Credential, string ResourceRef)> IssueAsync(Guid id, Caller caller, CancellationToken cancellationToken)
    {
        var request = await ReserveAsync(id, caller, cancellationToken);
        var credential = await vault.CreateAsync(request, () => ReleaseAsync(id), cancellationToken);
        try
        {
            await transaction.RunAsync(
                async outbox =>
                {
                    var current = await ChangeRequestEndpoints.FindAsync(outbox.DbContext, id, cancellationToken);
                    current.RequireActive("given credentials");
                    current.Credential.LeaseId = credential.LeaseId;
                    current.Credential.IssuedAt = time.GetUtcNow();
                    current.Credential.ReservedAt = null;
                    await transitions.RecordAsync(outbox, current, caller.ToActor(), "credential.issue", $"Lease {credential.LeaseId}");
                    if (current.ExpiresAt > request.ExpiresAt)
                    {
                        await transitions.TellVaultAsync(outbox, current);
                    }
                },
                cancellationToken);
        }
        catch
        {
            // The access ended meanwhile, or we cannot remember the lease: nobody may have the credential.
            await vault.RevokeAsync(credential.LeaseId);
            await ReleaseAsync(id);
            throw;
        }

        return (new(credential.Username, credential.Password, null, null, null, time.GetUtcNow() + credential.LeaseDuration), request.ResourceRef);
    }

    private Task<AccessRequest> ReserveAsync(Guid id, Caller caller, CancellationToken cancellationToken) =>
        transaction.RunAsync(
            async outbox =>
            {
                var request = await ChangeRequestEndpoints.FindAsync(outbox.DbContext, id, cancellationToken);
                if (request.RequesterRef != caller.UserRef)
                {
                    const string reason = "Only the requester gets the credential";
                    await audit.RecordAsync(caller.ToActor(), "access.request.credential.issue", $"access-request:{id}", AuditResult.Denied, reason);
                    throw new NotAllowedException(reason);
                }

                if (request.Target != AccessTargets.Database)
                {
                    throw InputException.For("id", $"a request for {request.Target}",
                        $"a request for {AccessTargets.Database}; {request.Target} is used with Teleport's own certificates: tsh login --request-id={request.Teleport.RequestId}");
                }

                var now = time.GetUtcNow();
                request.RequireActive("given credentials");
                if (now >= request.ExpiresAt)
                {
                    throw new ConflictException($"Access request {id} is {AccessState.Expired}; only one that is Active can be given credentials");
                }

                if (request.Credential.IssuedAt is { } issued)
                {
                    throw new ConflictException($"Access request {id} is {request.State}, and its credential was issued at {issued:O}; it is shown once");
                }

                if (now < request.Credential.ReservedAt + ReservationTime)
                {
                    throw new ConflictException($"Access request {id} is {request.State}, and its credential is being issued");
                }

                request.Credential.ReservedAt = now;
                return request;
            },
            cancellationToken);

    private Task ReleaseAsync(Guid id) =>
        transaction.RunAsync(
            async outbox =>
            {
                var request = await ChangeRequestEndpoints.FindAsync(outbox.DbContext, id, CancellationToken.None);
                request.Credential.ReservedAt = null;
            },
            CancellationToken.None);
}
