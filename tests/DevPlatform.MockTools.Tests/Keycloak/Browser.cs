using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.IdentityModel.Tokens;

namespace DevPlatform.MockTools.Tests.Keycloak;

/// <summary>A browser with its own cookies that fills in Keycloak's forms.</summary>
internal sealed class Browser : IDisposable
{
    private readonly HttpClient _http = new(new HttpClientHandler { AllowAutoRedirect = false, CookieContainer = new CookieContainer() });

    public static string Challenge(string verifier) => Base64UrlEncoder.Encode(SHA256.HashData(Encoding.ASCII.GetBytes(verifier)));

    public Task<HttpResponseMessage> GetAsync(string url) => _http.GetAsync(url);

    /// <summary>Posts the page's form with these fields and follows redirects as long as they stay on the server.</summary>
    public async Task<HttpResponseMessage> SubmitAsync(HttpResponseMessage page, params (string Name, string Value)[] fields)
    {
        var html = await page.Content.ReadAsStringAsync();
        var action = WebUtility.HtmlDecode(Regex.Match(html, "action=\"(?<url>[^\"]+)\"", RegexOptions.ExplicitCapture,
            TimeSpan.FromSeconds(1)).Groups["url"].Value);
        action.ShouldNotBeEmpty(html);
        var hidden = Regex.Matches(html, "type=\"hidden\" name=\"(?<name>[^\"]+)\" value=\"(?<value>[^\"]*)\"",
            RegexOptions.ExplicitCapture, TimeSpan.FromSeconds(1))
            .Select(m => (Name: m.Groups["name"].Value, Value: WebUtility.HtmlDecode(m.Groups["value"].Value)));
        var origin = page.RequestMessage!.RequestUri!;
        using var content = new FormUrlEncodedContent(hidden.Concat(fields).Select(f => KeyValuePair.Create(f.Name, f.Value)));
        var response = await _http.PostAsync(new Uri(origin, action), content);
        while (response.StatusCode == HttpStatusCode.Redirect && new Uri(origin, response.Headers.Location!) is var next
            && next.Authority == origin.Authority)
        {
            response = await _http.GetAsync(next);
        }

        return response;
    }

    public static Dictionary<string, string> QueryOf(HttpResponseMessage redirect)
    {
        redirect.StatusCode.ShouldBe(HttpStatusCode.Redirect);
        return QueryHelpers.ParseQuery(redirect.Headers.Location!.Query).ToDictionary(q => q.Key, q => q.Value.ToString());
    }

    public void Dispose() => _http.Dispose();
}
