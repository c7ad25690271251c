using DevPlatform.Shared.Configuration;

namespace DevPlatform.Identity.SignIn;

/// <summary>Settings in section <c>Identity:SignIn</c>: how the portal's users sign in.</summary>
internal sealed class SignInOptions : ICheckedOptions
{
    public const string Section = "Identity:SignIn";

    /// <summary>
    /// The portal's address in the browser, <c>https://portal.example</c>: by default <c>Portal:BaseUrl</c>, and without that the address that a
    /// request came to.
    /// </summary>
    public string? BaseUrl { get; set; }

    /// <summary>Further origins whose pages may start a sign-in and are told its result, <c>https://portal-next.example</c>.</summary>
    public IList<string> AllowedOrigins { get; } = [];

    /// <summary>Scopes that are always asked for, separated by spaces.</summary>
    public string Scopes { get; set; } = "openid profile email";

    /// <summary>
    /// No access token of the realm lives longer (its <c>accessTokenLifespan</c>, and that of the client): how long an ended session is remembered.
    /// </summary>
    public TimeSpan LongestAccessToken { get; set; } = TimeSpan.FromHours(24);

    public IEnumerable<string> Problems(string section)
    {
        if (BaseUrl is not null && !IsOrigin(BaseUrl))
        {
            yield return SettingProblem.Of(section, nameof(BaseUrl), BaseUrl, "an http or https address without a path, such as https://portal.example");
        }

        foreach (var origin in AllowedOrigins.Where(origin => !IsOrigin(origin)))
        {
            yield return SettingProblem.Of(section, nameof(AllowedOrigins), origin, "origins, such as https://portal.example");
        }

        if (!Scopes.Split(' ').Contains("openid"))
        {
            yield return SettingProblem.Of(section, nameof(Scopes), Scopes, "scopes separated by spaces, openid among them");
        }

        if (LongestAccessToken < TimeSpan.FromMinutes(1) || LongestAccessToken > TimeSpan.FromDays(30))
        {
            yield return SettingProblem.Of(section, nameof(LongestAccessToken), LongestAccessToken, "00:01:00 to 30.00:00:00");
        }
    }

    private static bool IsOrigin(string text) =>
        Uri.TryCreate(text, UriKind.Absolute, out var uri) && uri is { Scheme: "http" or "https", PathAndQuery: "/", UserInfo: "", Fragment: "" };
}
