using DevPlatform.MockTools.Vault.Core;

namespace DevPlatform.MockTools.Vault.Kv;

/// <summary><c>secret/metadata/*</c>: names, versions and ages, without values.</summary>
internal sealed class KvMetadataEndpoints(VaultStore store, TimeProvider time)
{
    public static void Map(RouteGroupBuilder v1, IServiceProvider services)
    {
        var endpoints = ActivatorUtilities.CreateInstance<KvMetadataEndpoints>(services);
        v1.MapMethods("/secret/metadata/{**path}", ["LIST"], (string? path) => endpoints.List(path ?? ""));
        v1.MapGet("/secret/metadata/{**path}", endpoints.Read);
        v1.MapMethods("/secret/metadata/{**path}", ["POST", "PATCH"], endpoints.WriteAsync);
        v1.MapDelete("/secret/metadata/{**path}", (string path) => endpoints.Delete(path));
    }

    /// <summary>The next path segments below a folder; folders end in a slash.</summary>
    private Answer List(string path) => store.Read(data =>
    {
        var folder = path.Length == 0 || path.EndsWith('/') ? path : path + "/";
        var keys = data.Secrets.Keys.Where(k => k.StartsWith(folder, StringComparison.Ordinal)).Select(k => k[folder.Length..])
            .Select(k => k.IndexOf('/') is >= 0 and var slash ? k[..(slash + 1)] : k).Distinct(StringComparer.Ordinal)
                .Order(StringComparer.Ordinal).ToArray();
        return keys.Length > 0 ? new Answer(new { keys }, MountType: "kv") : throw VaultException.Missing();
    });

    private Answer Read(string path) => store.Read(data =>
    {
        var secret = data.Secrets.GetValueOrDefault(path) ?? throw VaultException.Missing();
        return new Answer(new
        {
            created_time = secret.Created,
            updated_time = secret.Updated,
            current_version = secret.CurrentVersion,
            oldest_version = secret.Versions.Keys.FirstOrDefault(),
            max_versions = secret.MaxVersions,
            cas_required = secret.CasRequired,
            delete_version_after = "0s",
            custom_metadata = secret.CustomMetadata,
            versions = secret.Versions.ToDictionary(v => v.Key.ToString(),
                v => new
                {
                    created_time = v.Value.Created,
                    deletion_time = v.Value.Deleted?.ToString("O") ?? "",
                    destroyed = v.Value.Destroyed
                }),
        }, MountType: "kv");
    });

    private async Task<Answer> WriteAsync(HttpContext http, string path)
    {
        var body = await Body.ReadAsync(http.Request);
        var now = time.GetUtcNow();
        return store.Write(data =>
        {
            var secret = data.Secrets.GetValueOrDefault(path) ?? (data.Secrets[path] = new KvSecret { Created = now, Updated = now });
            secret.MaxVersions = (int)(body.Duration("max_versions") ?? secret.MaxVersions);
            secret.CasRequired = body.Flag("cas_required") ?? secret.CasRequired;
            secret.CustomMetadata = body.Map("custom_metadata") ?? secret.CustomMetadata;
            secret.Updated = now;
            return Answer.Nothing;
        });
    }

    private Answer Delete(string path) => store.Write(data =>
    {
        data.Secrets.Remove(path);
        return Answer.Nothing;
    });
}
