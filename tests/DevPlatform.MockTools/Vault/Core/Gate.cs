using System.Net.Http.Headers;
using System.Text.Json;
using DevPlatform.MockTools.Vault.Auth;

namespace DevPlatform.MockTools.Vault.Core;

/// <summary>What every request under <c>/v1</c> goes through: token, policy, the endpoint, then envelope, wrapping or error.</summary>
internal sealed class Gate(TokenStore tokens, Policies policies, VaultStore store, TimeProvider time) : IEndpointFilter
{
    private static readonly object TokenItem = new();

    public static VaultToken TokenOf(HttpContext http) => (VaultToken)http.Items[TokenItem]!;

    public async ValueTask<object?> InvokeAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        var http = context.HttpContext;
        try
        {
            if (http.GetEndpoint()!.Metadata.GetMetadata<NoTokenNeeded>() is null)
            {
                http.Items[TokenItem] = Authorize(http);
            }

            var result = await next(context);
            return result is Answer answer ? Finish(http, answer) : result;
        }
        catch (VaultException e)
        {
            var body = new Dictionary<string, object?> { ["errors"] = e.Errors };
            return Results.Json(e.Data is null ? body : new Answer(e.Data, MountType: "kv").ToEnvelope(), statusCode: e.Status);
        }
    }

    private VaultToken Authorize(HttpContext http)
    {
        var token = tokens.Use(ClientToken(http.Request));
        var path = http.Request.Path.Value!["/v1/".Length..];
        var capability = http.Request.Method switch
        {
            "GET" or "HEAD" => "read",
            "LIST" => "list",
            "DELETE" => "delete",
            "PATCH" => "patch",
            _ => "update",
        };
        var sudo = http.GetEndpoint()!.Metadata.GetMetadata<NeedsSudo>() is not null;
        var allowed = policies.Allows(token, path, capability) || (capability == "update" && policies.Allows(token, path, "create"));
        return allowed && (!sudo || policies.Allows(token, path, "sudo")) ? token : throw VaultException.PermissionDenied();
    }

    private IResult Finish(HttpContext http, Answer answer)
    {
        if (answer.IsNothing)
        {
            return Results.NoContent();
        }

        var envelope = answer.ToEnvelope();
        if (http.Request.Headers["X-Vault-Wrap-TTL"].ToString() is not { Length: > 0 } header)
        {
            return Results.Json(envelope);
        }

        var ttl = Body.Seconds(header) ?? throw new VaultException(400, $"invalid wrap ttl \"{header}\"");
        var (token, now, path) = ($"hvs.{TokenStore.Random(90)}", time.GetUtcNow(), http.Request.Path.Value!["/v1/".Length..]);
        store.Write(data => data.Wrapped[token] = new WrappedAnswer(JsonSerializer.Serialize(envelope), now, now.AddSeconds(ttl), path));
        var wrapped = Answer.Nothing.ToEnvelope();
        wrapped["wrap_info"] = new { token, accessor = TokenStore.Random(24), ttl, creation_time = now, creation_path = path, wrapped_accessor = "" };
        return Results.Json(wrapped);
    }

    public static string? ClientToken(HttpRequest request) =>
        request.Headers["X-Vault-Token"].ToString() is { Length: > 0 } token ? token
        : AuthenticationHeaderValue.TryParse(request.Headers.Authorization, out var header) && header.Scheme == "Bearer" ? header.Parameter : null;
}

/// <summary>Marks an endpoint that works without a token (logins, health).</summary>
internal sealed class NoTokenNeeded;

/// <summary>Marks a root-protected endpoint: policies must grant <c>sudo</c> on it.</summary>
internal sealed class NeedsSudo;
