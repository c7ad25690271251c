using System.Security.Cryptography;
using DevPlatform.MockTools.Hosting;
using DevPlatform.MockTools.Vault.Core;

namespace DevPlatform.MockTools.Vault.Ssh;

/// <summary>The SSH engine in its certificate-authority mode, mounted at <c>ssh/</c>.</summary>
internal sealed class SshEndpoints(VaultStore store, TimeProvider time)
{
    public static void Map(RouteGroupBuilder v1, IServiceProvider services)
    {
        var endpoints = ActivatorUtilities.CreateInstance<SshEndpoints>(services);
        v1.MapGet("/ssh/public_key", () => Results.Text(endpoints.Ca().PublicKey + "\n")).WithMetadata(new NoTokenNeeded());
        v1.MapGet("/ssh/config/ca", () => new Answer(new { public_key = endpoints.Ca().PublicKey + "\n" }, MountType: "ssh"));
        v1.MapPost("/ssh/roles/{name}", endpoints.PutRoleAsync);
        v1.MapPost("/ssh/sign/{name}", endpoints.SignAsync);
    }

    private async Task<Answer> PutRoleAsync(HttpContext http, string name)
    {
        var body = await Body.ReadAsync(http.Request);
        if (body.Text("key_type") != "ca")
        {
            throw new VaultException(400, $"key_type: \"{body.Text("key_type")}\"; allowed here: ca");
        }

        var role = new SshRole(body.List("allowed_users") ?? [], body.Text("default_user") ?? "", body.Map("default_extensions")
            ?? new() { ["permit-pty"] = "" }, body.Duration("ttl") ?? 1800, body.Duration("max_ttl") ?? 86400);
        store.Write(data => data.SshRoles[name] = role);
        return Answer.Nothing;
    }

    private async Task<Answer> SignAsync(HttpContext http, string name)
    {
        var body = await Body.ReadAsync(http.Request);
        var role = store.Read(data => data.SshRoles.GetValueOrDefault(name)) ?? throw new VaultException(400, $"unknown role: {name}");
        var key = body.Text("public_key") ?? throw new VaultException(400, "missing public_key");
        var principals = body.List("valid_principals") ?? [role.DefaultUser];
        var refused = principals.FirstOrDefault(p => p.Length == 0
            || (!role.AllowedUsers.Contains("*") && !role.AllowedUsers.Contains(p) && p != role.DefaultUser));
        if (refused is not null)
        {
            throw new VaultException(400, $"{refused} is not a valid value for valid_principals");
        }

        var ttl = Math.Min(body.Duration("ttl") ?? role.Ttl, role.MaxTtl);
        var serial = (ulong)Random.Shared.NextInt64();
        var now = time.GetUtcNow();
        try
        {
            var signed = Ca().SignUserKey(
                key, serial, body.Text("key_id") ?? $"vault-{Gate.TokenOf(http).DisplayName}", principals, now.AddSeconds(-30),
                    now.AddSeconds(ttl), (body.Map("extensions") ?? role.DefaultExtensions).Keys);
            return new Answer(new { serial_number = serial.ToString("x16"), signed_key = signed }, MountType: "ssh");
        }
        catch (FormatException e)
        {
            throw new VaultException(400, $"failed to parse public_key as SSH key: {e.Message}");
        }
    }

    private OpenSshCa Ca()
    {
        var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var made = key.ExportPkcs8PrivateKeyPem();
        key.ImportFromPem(store.Read(data => data.SshCaKey) ?? store.Write(data => data.SshCaKey ??= made));
        return new OpenSshCa(key);
    }
}
