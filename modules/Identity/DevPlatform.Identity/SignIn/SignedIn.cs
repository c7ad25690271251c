using DevPlatform.Identity.Sessions;
using DevPlatform.Identity.Tokens;
using DevPlatform.Shared.Errors;
using DevPlatform.Shared.Identity;
using Microsoft.Extensions.Options;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Protocols.OpenIdConnect;
using Microsoft.IdentityModel.Tokens;

namespace DevPlatform.Identity.SignIn;

/// <summary>What Backstage's frontend is told of a signed-in user.</summary>
internal sealed record SignInAnswer(SignInProfile Profile, ProviderInfo ProviderInfo, BackstageIdentity BackstageIdentity);

/// <summary>How the user is shown.</summary>
internal sealed record SignInProfile(string? Email, string DisplayName);

/// <summary>Keycloak's tokens; <paramref name="ExpiresInSeconds"/> is the access token's life.</summary>
internal sealed record ProviderInfo(string? IdToken, string AccessToken, string Scope, int ExpiresInSeconds);

/// <summary>The token for our API: Keycloak's access token itself, no token of our own exists (INV-1).</summary>
internal sealed record BackstageIdentity(string Token, int ExpiresInSeconds, UserIdentity Identity);

/// <summary>Who it is, as the catalog names them.</summary>
internal sealed record UserIdentity(string Type, string UserEntityRef, IReadOnlyList<string> OwnershipEntityRefs);

/// <summary>The user whom Keycloak's tokens prove.</summary>
/// <param name="Caller">As our API will see them.</param>
/// <param name="Tokens">Keycloak's answer.</param>
internal sealed record SignedIn(Caller Caller, TokenAnswer Tokens)
{
    public SignInAnswer ToAnswer() => new(
        new SignInProfile(Caller.Email, Caller.Name ?? Caller.Username),
        new ProviderInfo(Tokens.IdToken, Tokens.AccessToken, Tokens.Scope ?? "", Tokens.ExpiresIn),
        new BackstageIdentity(Tokens.AccessToken, Tokens.ExpiresIn, new UserIdentity("user", Caller.UserRef, Caller.OwnershipRefs)));
}

/// <summary>Checks what Keycloak sent before anybody is told that they are signed in: signatures, issuer, audiences, nonce, one and the same user.</summary>
internal sealed class SignInCheck(IOptions<IdentityOptions> options, TokenRules rules, EndedSessions ended)
{
    private static readonly OpenIdConnectProtocolValidator Protocol = new() { RequireStateValidation = false, RequireTimeStampInNonce = false };

    /// <summary>After a code was redeemed: the ID token must be the answer to our request.</summary>
    /// <exception cref="AuthenticationException">Something does not hold.</exception>
    public Task<SignedIn> AcceptAsync(TokenAnswer tokens, string nonce, CancellationToken cancellationToken) =>
        ExplainAsync(async () =>
        {
            var id = await ReadIdTokenAsync(tokens.IdToken);
            Protocol.ValidateTokenResponse(new OpenIdConnectProtocolValidationContext
            {
                ClientId = options.Value.ClientId,
                Nonce = nonce,
                ValidatedIdToken = new System.IdentityModel.Tokens.Jwt.JwtSecurityToken(id.EncodedToken),
                ProtocolMessage = new OpenIdConnectMessage { IdToken = tokens.IdToken, AccessToken = tokens.AccessToken },
            });
            return await ReadAsync(tokens, id.Subject, cancellationToken);
        });

    /// <summary>After a refresh: still the user who signed in.</summary>
    /// <exception cref="AuthenticationException">Something does not hold.</exception>
    public Task<SignedIn> AcceptAsync(TokenAnswer tokens, PortalSession session, CancellationToken cancellationToken) =>
        ExplainAsync(async () =>
        {
            if (tokens.IdToken is not null)
            {
                await ReadIdTokenAsync(tokens.IdToken);
            }

            return await ReadAsync(tokens, session.Actor.Subject!, cancellationToken);
        });

    private Task<JsonWebToken> ReadIdTokenAsync(string? token) => token is null
        ? throw new AuthenticationException("Keycloak sent no ID token")
        : rules.ValidateAsync(token, "ID", rules.For(options.Value.ClientId, "JWT"));

    private async Task<SignedIn> ReadAsync(TokenAnswer tokens, string subject, CancellationToken cancellationToken)
    {
        var access = await rules.ValidateAsync(tokens.AccessToken, AccessTokens.Kind, rules.For(options.Value.Audience, AccessTokens.HeaderTypes));
        var caller = ClaimsReader.Read(access, options.Value, out var problem) ?? throw new AuthenticationException($"The access token lacks something: {problem}");
        if (caller.Subject != subject)
        {
            throw new AuthenticationException("Keycloak's tokens are not of one and the same user");
        }

        await ended.KnownAsync(cancellationToken);
        return ended.Contain(caller) ? throw new AuthenticationException("The session has ended") : new SignedIn(caller, tokens);
    }

    private async Task<SignedIn> ExplainAsync(Func<Task<SignedIn>> check)
    {
        try
        {
            return await check();
        }
        catch (OpenIdConnectProtocolException)
        {
            throw new AuthenticationException("Keycloak's ID token does not answer this sign-in (nonce, access token hash)");
        }
        catch (Exception e) when (e is SecurityTokenException or ArgumentException)
        {
            throw new AuthenticationException($"Keycloak sent a token that cannot be used here: {rules.ReasonOf(e)}");
        }
    }
}
