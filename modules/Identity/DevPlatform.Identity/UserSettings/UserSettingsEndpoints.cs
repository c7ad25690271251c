using System.Text;
using System.Text.Json.Nodes;
using DevPlatform.Identity.Data;
using DevPlatform.Shared.Errors;
using DevPlatform.Shared.Identity;
using DevPlatform.Shared.Permissions;
using DevPlatform.Shared.Signals;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Microsoft.EntityFrameworkCore;

namespace DevPlatform.Identity.UserSettings;

/// <summary>Which setting.</summary>
internal sealed record SettingName(string Bucket, string Key);

/// <summary>Several settings asked for at once.</summary>
internal sealed record SettingNames(IReadOnlyList<SettingName> Items);

/// <summary>A setting with its name.</summary>
internal sealed record SettingAnswer(string Bucket, string Key, JsonNode? Value);

/// <summary>A setting found by its place in the question.</summary>
internal sealed record SettingValue(JsonNode? Value);

/// <summary>The settings in the order of the question; null where there is none.</summary>
internal sealed record SettingValues(IReadOnlyList<SettingValue?> Items);

/// <summary><c>/api/user-settings</c>, as Backstage's user-settings backend: what a user's pages remember, on every device.</summary>
internal static class UserSettingsEndpoints
{
    private const int MaxValueBytes = 128 * 1024;
    private const int MaxSettings = 1000;
    private const int MaxQuestions = 200;
    private const string Why = "callers read and write only their own settings";

    public static void Map(IEndpointRouteBuilder settings)
    {
        settings.MapPost("/multiget", GetManyAsync).RequireSignIn(Why)
            .WithSummary("Several of the caller's settings")
            .WithDescription($"At most {MaxQuestions}. items: value or null, in the order asked.");
        settings.MapGet("/buckets/{bucket}/keys/{**key}", GetAsync).RequireSignIn(Why).WithSummary("One of the caller's settings");
        settings.MapPut("/buckets/{bucket}/keys/{**key}", PutAsync).RequireSignIn(Why)
            .WithSummary("Keeps a setting of the caller")
            .WithDescription($"{{\"value\": any JSON of at most {MaxValueBytes / 1024} kB}}; at most {MaxSettings} settings per user. Open pages hear of it on channel user-settings.");
        settings.MapDelete("/buckets/{bucket}/keys/{**key}", DeleteAsync).RequireSignIn(Why).WithSummary("Forgets a setting of the caller");
    }

    private static async Task<Ok<SettingValues>> GetManyAsync(SettingNames body, Caller caller, IdentityDbContext db, CancellationToken cancellationToken)
    {
        if (body.Items is not { Count: <= MaxQuestions } items)
        {
            throw InputException.For("items", body.Items?.Count, $"an array of at most {MaxQuestions} {{bucket, key}}");
        }

        for (var i = 0; i < items.Count; i++)
        {
            if (items[i] is not { Bucket: not null, Key: not null })
            {
                throw InputException.For($"items[{i}]", items[i], "{bucket, key}, both strings");
            }
        }

        var buckets = items.Select(i => i.Bucket).Distinct().ToList();
        var keys = items.Select(i => i.Key).Distinct().ToList();
        var found = await db.UserSettings.AsNoTracking()
            .Where(s => s.UserRef == caller.UserRef && buckets.Contains(s.Bucket) && keys.Contains(s.Key))
            .ToDictionaryAsync(s => new SettingName(s.Bucket, s.Key), s => s.Value, cancellationToken);
        return TypedResults.Ok(new SettingValues([.. items.Select(i => found.TryGetValue(i, out var value) ? new SettingValue(JsonNode.Parse(value)) : null)]));
    }

    private static async Task<Ok<SettingAnswer>> GetAsync(string bucket, string key, Caller caller, IdentityDbContext db, CancellationToken cancellationToken)
    {
        var name = NameOf(bucket, key);
        var setting = await Find(db, caller, name).AsNoTracking().SingleOrDefaultAsync(cancellationToken)
            ?? throw new NotFoundException($"Unable to find '{name.Key}' in bucket '{name.Bucket}'");
        return TypedResults.Ok(new SettingAnswer(name.Bucket, name.Key, JsonNode.Parse(setting.Value)));
    }

    private static async Task<Ok<SettingAnswer>> PutAsync(
        string bucket, string key, JsonObject body, Caller caller, IdentityDbContext db, ISignals signals, CancellationToken cancellationToken)
    {
        var name = NameOf(bucket, key);
        if (!body.TryGetPropertyValue("value", out var value))
        {
            throw new InputException("Missing required field \"value\"");
        }

        var text = value?.ToJsonString() ?? "null";
        if (Encoding.UTF8.GetByteCount(text) is var size && size > MaxValueBytes)
        {
            throw InputException.For("value", $"{size} bytes", $"at most {MaxValueBytes} bytes of JSON");
        }

        if (await db.UserSettings.CountAsync(s => s.UserRef == caller.UserRef, cancellationToken) >= MaxSettings
            && !await Find(db, caller, name).AnyAsync(cancellationToken))
        {
            throw InputException.For("key", name.Key, $"one of the settings that exist: there are {MaxSettings}, as many as a user may have");
        }

        await db.Database.ExecuteSqlAsync(
            $"""
            insert into identity.user_settings (user_ref, bucket, key, value) values ({caller.UserRef}, {name.Bucket}, {name.Key}, {text})
            on conflict (user_ref, bucket, key) do update set value = excluded.value
            """, cancellationToken);
        await signals.PublishAsync("user-settings", [caller.UserRef], new { type = "key-changed", key = name.Key }, cancellationToken);
        return TypedResults.Ok(new SettingAnswer(name.Bucket, name.Key, value?.DeepClone()));
    }

    private static async Task<NoContent> DeleteAsync(
        string bucket, string key, Caller caller, IdentityDbContext db, ISignals signals, CancellationToken cancellationToken)
    {
        var name = NameOf(bucket, key);
        if (await Find(db, caller, name).ExecuteDeleteAsync(cancellationToken) > 0)
        {
            await signals.PublishAsync("user-settings", [caller.UserRef], new { type = "key-deleted", key = name.Key }, cancellationToken);
        }

        return TypedResults.NoContent();
    }

    private static IQueryable<UserSetting> Find(IdentityDbContext db, Caller caller, SettingName name) =>
        db.UserSettings.Where(s => s.UserRef == caller.UserRef && s.Bucket == name.Bucket && s.Key == name.Key);

    private static SettingName NameOf(string bucket, string key) => new(Check("bucket", bucket), Check("key", key));

    private static string Check(string field, string value)
    {
        // The server leaves an encoded slash as it is.
        var name = value.Replace("%2F", "/", StringComparison.OrdinalIgnoreCase);
        return name.Length is > 0 and <= UserSetting.MaxName && !name.Any(char.IsControl)
            ? name
            : throw InputException.For(field, name.Length > UserSetting.MaxName ? $"{name[..40]}…" : name, $"1 to {UserSetting.MaxName} characters, none of them a control character");
    }
}
