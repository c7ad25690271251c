namespace DevPlatform.Integrations.Contracts;

/// <summary>How much a notification matters, as Backstage words it; the most important first.</summary>
public enum NotificationSeverity
{
    /// <summary>Something is broken.</summary>
    Critical,

    /// <summary>Somebody waits.</summary>
    High,

    /// <summary>Worth knowing.</summary>
    Normal,

    /// <summary>For completeness.</summary>
    Low,
}

/// <summary>
/// Command to Integrations: tell people in the portal. Send it through the outbox, in the transaction of what it tells.
/// </summary>
/// <param name="Key">What is told, once: the same key again changes nothing (<c>task:&lt;id&gt;:completed</c>).</param>
/// <param name="Audience">Whom: entity refs of users and groups, <c>role:&lt;role&gt;</c>, <c>lead:&lt;owner&gt;</c>, <c>*</c> for everyone.</param>
/// <param name="Origin">The module that tells: <c>access</c>, <c>scaffolder</c>.</param>
/// <param name="Topic">What users may turn off: <c>approvals</c>; or null.</param>
/// <param name="Title">One line.</param>
/// <param name="Description">More, or null.</param>
/// <param name="Link">Path in the portal, or null.</param>
/// <param name="Severity">How much it matters.</param>
/// <param name="Scope">
/// What it is about (<c>approval:&lt;id&gt;</c>): it replaces what the origin told about this before.
/// </param>
/// <param name="Except">Ref of a user in the audience who need not be told.</param>
/// <param name="Excluded">Refs of further users, and of groups, who need not be told.</param>
/// <param name="Icon">Backstage's name of an icon, or null.</param>
/// <param name="Metadata">More about it for whoever reads the API: a JSON object, or null.</param>
/// <param name="Withdraws">
/// Whether those whom it no longer concerns do not see any more what was told about its scope before; otherwise they keep that.
/// </param>
public sealed record Notify(
    string Key,
    IReadOnlyList<string> Audience,
    string Origin,
    string? Topic,
    string Title,
    string? Description = null,
    string? Link = null,
    NotificationSeverity Severity = NotificationSeverity.Normal,
    string? Scope = null,
    string? Except = null,
    IReadOnlyList<string>? Excluded = null,
    string? Icon = null,
    string? Metadata = null,
    bool Withdraws = true);
