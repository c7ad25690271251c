namespace DevPlatform.Identity.Contracts;

/// <summary>The person (or service) on whose behalf something is done, as messages carry it.</summary>
/// <param name="UserRef">Entity ref, e.g. <c>user:default/ana</c>.</param>
/// <param name="Name">Display name, or null.</param>
/// <param name="Email">E-mail address, or null.</param>
/// <param name="Subject">The token's <c>sub</c>.</param>
/// <param name="SessionId">The token's <c>sid</c>, or null for services.</param>
public sealed record Actor(string UserRef, string? Name = null, string? Email = null, string? Subject = null, string? SessionId = null)
{
    /// <summary>The platform itself, for what no person asked for (expiry, sync).</summary>
    public static readonly Actor Platform = new("user:default/devplatform", "DevPlatform");
}
