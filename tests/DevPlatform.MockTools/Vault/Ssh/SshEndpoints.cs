using System.Diagnostics;
using DevPlatform.MockTools.Vault.Core;

namespace DevPlatform.MockTools.Vault.Ssh;

/// <summary>The SSH engine in its certificate-authority mode, mounted at <c>ssh/</c>: <c>ssh-keygen</c> signs.</summary>
internal sealed class SshEndpoints(VaultStore store)
{
    public static void Map(RouteGroupBuilder v1, IServiceProvider services)
    {
        var endpoints = ActivatorUtilities.CreateInstance<SshEndpoints>(services);
        v1.MapGet("/ssh/public_key", async () => Results.Text(await endpoints.PublicKeyAsync())).WithMetadata(new NoTokenNeeded());
        v1.MapGet("/ssh/config/ca", async () => new Answer(new { public_key = await endpoints.PublicKeyAsync() }, MountType: "ssh"));
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

        var role = new SshRole(body.List("allowed_users") ?? [], body.Text("default_user") ?? "", body.Map("default_extensions") ?? new() { ["permit-pty"] = "" }, body.Duration("ttl") ?? 1800, body.Duration("max_ttl") ?? 86400);
        store.Write(data => data.SshRoles[name] = role);
        return Answer.Nothing;
    }

    private async Task<Answer> SignAsync(HttpContext http, string name)
    {
        var body = await Body.ReadAsync(http.Request);
        var role = store.Read(data => data.SshRoles.GetValueOrDefault(name)) ?? throw new VaultException(400, $"unknown role: {name}");
        var key = body.Text("public_key") ?? throw new VaultException(400, "missing public_key");
        var principals = body.List("valid_principals") ?? [role.DefaultUser];
        var refused = principals.FirstOrDefault(p => p.Length == 0 || (!role.AllowedUsers.Contains("*") && !role.AllowedUsers.Contains(p) && p != role.DefaultUser));
        if (refused is not null)
        {
            throw new VaultException(400, $"{refused} is not a valid value for valid_principals");
        }

        var ttl = Math.Min(body.Duration("ttl") ?? role.Ttl, role.MaxTtl);
        var serial = Random.Shared.NextInt64();
        var extensions = (body.Map("extensions") ?? role.DefaultExtensions).Keys.SelectMany(e => new[] { "-O", e });
        var signed = await InDirectoryAsync(async directory =>
        {
            await File.WriteAllTextAsync(Path.Combine(directory, "user.pub"), key);
            await KeygenAsync(directory, ["-s", "ca", "-I", body.Text("key_id") ?? $"vault-{Gate.TokenOf(http).DisplayName}", "-n", string.Join(',', principals), "-z", $"{serial}",
                "-V", $"-30s:+{ttl}s", "-O", "clear", .. extensions, "user.pub"]);
            return await File.ReadAllTextAsync(Path.Combine(directory, "user-cert.pub"));
        });
        return new Answer(new { serial_number = serial.ToString("x16"), signed_key = signed }, MountType: "ssh");
    }

    private Task<string> PublicKeyAsync() => InDirectoryAsync(directory => KeygenAsync(directory, ["-y", "-f", "ca"]));

    /// <summary>Runs with the CA's key in a directory of its own, which is gone afterwards.</summary>
    private async Task<string> InDirectoryAsync(Func<string, Task<string>> run)
    {
        var directory = Directory.CreateTempSubdirectory("vault-ssh-").FullName;
        try
        {
            var ca = Path.Combine(directory, "ca");
            if (store.Read(data => data.SshCaKey) is not { } key)
            {
                await KeygenAsync(directory, ["-q", "-t", "ed25519", "-N", "", "-C", "", "-f", "ca"]);
                var made = await File.ReadAllTextAsync(ca);
                key = store.Write(data => data.SshCaKey ??= made);
            }

            // The directory is the owner's alone, but ssh-keygen looks at the file too.
            await File.WriteAllTextAsync(ca, key);
            if (!OperatingSystem.IsWindows())
            {
                File.SetUnixFileMode(ca, UnixFileMode.UserRead | UnixFileMode.UserWrite);
            }

            return await run(directory);
        }
        finally
        {
            Directory.Delete(directory, recursive: true);
        }
    }

    private static async Task<string> KeygenAsync(string directory, string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo("ssh-keygen", arguments)
        {
            WorkingDirectory = directory, UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true, RedirectStandardInput = true,
        }) ?? throw new VaultException(500, "ssh-keygen did not start");
        process.StandardInput.Close();
        var errors = process.StandardError.ReadToEndAsync();
        var output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        return process.ExitCode == 0 ? output : throw new VaultException(400, $"failed to parse public_key as SSH key: {(await errors).Trim()}");
    }
}
