using DevPlatform.MockTools.Vault.Auth;
using DevPlatform.MockTools.Vault.Core;

namespace DevPlatform.MockTools.Vault.Aws;

/// <summary>The AWS secrets engine, mounted at <c>aws/</c>, for object stores with an STS: roles, and keys that end by themselves.</summary>
internal sealed class AwsEndpoints(VaultStore store)
{
    private const long Ttl = 3600;

    public static void Map(RouteGroupBuilder v1, IServiceProvider services)
    {
        var endpoints = ActivatorUtilities.CreateInstance<AwsEndpoints>(services);
        v1.MapPost("/aws/roles/{name}", endpoints.PutRoleAsync);
        v1.MapGet("/aws/roles/{name}", endpoints.ReadRole);
        v1.MapDelete("/aws/roles/{name}", endpoints.DeleteRole);
        v1.MapGet("/aws/sts/{name}", endpoints.Credentials);
    }

    private async Task<Answer> PutRoleAsync(HttpContext http, string name)
    {
        var body = await Body.ReadAsync(http.Request);
        var type = body.Text("credential_type");
        if (type is not ("assumed_role" or "federation_token"))
        {
            throw new VaultException(400, $"unrecognized credential_type: {type ?? "none"}; allowed here: assumed_role, federation_token");
        }

        store.Write(data => data.AwsRoles[name] = new AwsRole(type, body.List("role_arns") ?? [], body.Text("policy_document") ?? ""));
        return Answer.Nothing;
    }

    private Answer ReadRole(string name) => new(Find(name) is var role ? new { credential_type = role.CredentialType, role_arns = role.RoleArns, policy_document = role.PolicyDocument } : null, MountType: "aws");

    private Answer DeleteRole(string name)
    {
        store.Write(data => data.AwsRoles.Remove(name));
        return Answer.Nothing;
    }

    private Answer Credentials(string name)
    {
        Find(name);
        var keys = new { access_key = TokenStore.Random(20).ToUpperInvariant(), secret_key = TokenStore.Random(40), security_token = TokenStore.Random(64) };
        return new Answer(keys, LeaseId: $"aws/sts/{name}/{TokenStore.Random(24)}", LeaseDuration: Ttl, MountType: "aws");
    }

    private AwsRole Find(string name) => store.Read(data => data.AwsRoles.GetValueOrDefault(name)) ?? throw new VaultException(400, $"Role '{name}' not found");
}
