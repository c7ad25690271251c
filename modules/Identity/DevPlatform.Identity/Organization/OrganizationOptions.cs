using DevPlatform.Shared.Configuration;

namespace DevPlatform.Identity.Organization;

/// <summary>Section <c>Identity:Organization</c>: whether Keycloak's users and groups become entities of the catalog.</summary>
internal sealed class OrganizationOptions : ICheckedOptions
{
    public const string Section = "Identity:Organization";

    /// <summary>Whether they are read.</summary>
    public bool Enabled { get; set; }

    /// <summary>Client whose service account may view users and groups (roles <c>view-users</c> and <c>query-groups</c> of <c>realm-management</c>).</summary>
    public string ClientId { get; set; } = "developer-portal-sync";

    /// <summary>The client's secret.</summary>
    public string? ClientSecret { get; set; }

    /// <summary>How often they are read.</summary>
    public TimeSpan Interval { get; set; } = TimeSpan.FromMinutes(15);

    /// <summary>The user attribute that names a user's teams, as in the token's claim <c>teams</c>.</summary>
    public string TeamsAttribute { get; set; } = "teams";

    public IEnumerable<string> Problems(string section)
    {
        if (Interval < TimeSpan.FromSeconds(1) || Interval > TimeSpan.FromDays(1))
        {
            yield return SettingProblem.Of(section, nameof(Interval), Interval, "00:00:01 to 1.00:00:00");
        }

        if (Enabled && string.IsNullOrEmpty(ClientSecret))
        {
            yield return SettingProblem.Of(section, nameof(ClientSecret), ClientSecret, "the secret of the client");
        }
    }
}
