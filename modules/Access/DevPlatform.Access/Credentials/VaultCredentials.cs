using System.Net;
using DevPlatform.Access.Requests;
using DevPlatform.Access.Vault;
using DevPlatform.Shared.Errors;
using Microsoft.Extensions.Logging;

namespace DevPlatform.Access.Credentials;

/// <summary>Makes credentials at Vault that end no later than their grant.</summary>
internal sealed class VaultCredentials(VaultClient vault, TimeProvider time, ILogger<VaultCredentials> logger)
{
    /// <summary>Makes a credential for a request.</summary>
    /// <param name="request">The active request.</param>
    /// <param name="onFailure">Runs when nothing was made.</param>
    /// <param name="cancellationToken">Stops waiting; what was made by then is revoked.</param>
    /// <exception cref="ServiceUnavailableException">Vault did not answer, or does not let the credential end in time. Nothing is left at Vault.</exception>
    public async Task<VaultCredential> CreateAsync(AccessRequest request, Func<Task> onFailure, CancellationToken cancellationToken)
    {
        VaultCredential? made = null;
        try
        {
            made = await vault.CreateDatabaseCredentialAsync($"{request.VaultRole}-{request.AccessType}", cancellationToken);
            return await LimitAsync(made, request.ExpiresAt!.Value, cancellationToken);
        }
        catch (Exception e)
        {
            if (made is not null)
            {
                await RevokeAsync(made.LeaseId);
            }

            await onFailure();
            throw e switch
            {
                VaultException { StatusCode: HttpStatusCode.BadRequest or HttpStatusCode.Forbidden or HttpStatusCode.NotFound } =>
                    new ServiceUnavailableException($"Vault has no usable role {request.VaultRole}-{request.AccessType}: {e.Message}", e),
                VaultException or HttpRequestException => new ServiceUnavailableException($"Vault issued no credential: {e.Message}", e),
                _ => System.Runtime.ExceptionServices.ExceptionDispatchInfo.SetCurrentStackTrace(e),
            };
        }
    }

    /// <summary>Ends a lease that nobody is to have. If Vault does not answer, the lease ends by its own time.</summary>
    public async Task RevokeAsync(string leaseId)
    {
        try
        {
            await vault.RevokeLeaseAsync(leaseId, CancellationToken.None);
        }
        catch (Exception e) when (e is VaultException or HttpRequestException)
        {
            logger.LogError("The unused lease {LeaseId} could not be revoked: {Reason}", leaseId, e.Message);
        }
    }

    private async Task<VaultCredential> LimitAsync(VaultCredential made, DateTimeOffset until, CancellationToken cancellationToken)
    {
        var remaining = TimeSpan.FromSeconds(Math.Floor((until - time.GetUtcNow()).TotalSeconds));
        if (made.LeaseDuration <= remaining)
        {
            return made;
        }

        var given = remaining >= TimeSpan.FromSeconds(1) ? await vault.RenewLeaseAsync(made.LeaseId, remaining, cancellationToken) : made.LeaseDuration;
        return given <= remaining
            ? made with { LeaseDuration = given }
            : throw new VaultException(HttpStatusCode.OK, $"the lease would last {given}, longer than the access, {remaining}");
    }
}
