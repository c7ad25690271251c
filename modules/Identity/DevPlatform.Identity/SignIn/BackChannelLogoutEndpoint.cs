using System.Text.Json;
using DevPlatform.Identity.Contracts;
using DevPlatform.Identity.Sessions;
using DevPlatform.Identity.Tokens;
using DevPlatform.Shared.Audit;
using DevPlatform.Shared.Errors;
using DevPlatform.Shared.Permissions;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Options;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;
using Npgsql;

namespace DevPlatform.Identity.SignIn;

/// <summary><c>POST /api/auth/oidc/backchannel-logout</c>: Keycloak says that a session has ended (OpenID Connect Back-Channel Logout 1.0).</summary>
internal static class BackChannelLogoutEndpoint
{
    private const string LogoutEvent = "http://schemas.openid.net/event/backchannel-logout";
    private const int MaxId = 255;
    private static readonly Actor Keycloak = new("user:default/keycloak", "Keycloak");

    public static void Map(IEndpointRouteBuilder provider) => provider.MapPost("/backchannel-logout", EndAsync)
        .AllowAnonymous("the logout token is signed by Keycloak")
        .WithSummary("Ends a session that ended at Keycloak, on every replica")
        .WithDescription("Form field logout_token. 200 done; 400 the token is not acceptable, or was used before.");

    private static async Task<IResult> EndAsync(
        HttpContext context, TokenRules rules, IOptions<IdentityOptions> identity, EndedSessions ended, NpgsqlDataSource dataSource, IAuditTrail audit, TimeProvider time)
    {
        var token = await ReadAsync(context.Request, rules, identity.Value);
        var (session, subject) = (Text(token, "sid"), Text(token, "sub"));
        if (!await IsNewAsync(dataSource, token, time, context.RequestAborted))
        {
            throw Refusal("it was used before");
        }

        await ended.EndAsync(session, subject, CancellationToken.None);
        await audit.RecordAsync(
            Keycloak with { Subject = subject, SessionId = session }, "identity.sign-out", session is null ? $"subject:{subject}" : $"session:{session}",
            AuditResult.Success, "Keycloak ended the session");
        return Results.Ok();
    }

    private static async Task<JsonWebToken> ReadAsync(HttpRequest request, TokenRules rules, IdentityOptions identity)
    {
        var text = request.HasFormContentType ? (await request.ReadFormAsync(request.HttpContext.RequestAborted))["logout_token"].ToString() : "";
        if (text.Length == 0)
        {
            throw Refusal("found nothing; it is a field of a form (application/x-www-form-urlencoded)");
        }

        try
        {
            var token = await rules.ValidateAsync(text, "Logout", rules.For(identity.ClientId, "JWT", "logout+jwt"));
            return ProblemOf(token) is { } problem ? throw Refusal(problem) : token;
        }
        catch (Exception e) when (e is SecurityTokenException or ArgumentException)
        {
            throw Refusal(rules.ReasonOf(e));
        }
    }

    /// <summary>Section 2.4 of the specification, beyond what holds for every token.</summary>
    private static string? ProblemOf(JsonWebToken token) => token switch
    {
        _ when !HasLogoutEvent(token) => $"claim \"events\" does not name {LogoutEvent}",
        _ when token.TryGetPayloadValue<object>("nonce", out _) => "it has a claim \"nonce\"",
        _ when Text(token, "jti") is null => "claim \"jti\" is missing or longer than 255 characters",
        _ when Text(token, "sid") is null && Text(token, "sub") is null => "it has neither claim \"sid\" nor claim \"sub\"",
        _ => null,
    };

    private static bool HasLogoutEvent(JsonWebToken token) =>
        token.TryGetPayloadValue<JsonElement>("events", out var events) && events.ValueKind == JsonValueKind.Object
        && events.TryGetProperty(LogoutEvent, out var logout) && logout.ValueKind == JsonValueKind.Object;

    private static string? Text(JsonWebToken token, string claim) =>
        token.TryGetPayloadValue<string>(claim, out var value) && value is { Length: > 0 and <= MaxId } ? value : null;

    private static async Task<bool> IsNewAsync(NpgsqlDataSource dataSource, JsonWebToken token, TimeProvider time, CancellationToken cancellationToken)
    {
        await using var forget = dataSource.CreateCommand("delete from identity.used_logout_tokens where expires_at < $1");
        forget.Parameters.AddWithValue(time.GetUtcNow());
        await forget.ExecuteNonQueryAsync(cancellationToken);
        await using var remember = dataSource.CreateCommand("insert into identity.used_logout_tokens (token_id, expires_at) values ($1, $2) on conflict do nothing");
        remember.Parameters.AddWithValue(token.Id);
        // Accepted a little longer than it says (clock skew), so remembered longer.
        remember.Parameters.AddWithValue(new DateTimeOffset(token.ValidTo, TimeSpan.Zero).AddMinutes(5));
        return await remember.ExecuteNonQueryAsync(cancellationToken) == 1;
    }

    private static InputException Refusal(string reason) => new($"\"logout_token\" is not valid: {reason}");
}
