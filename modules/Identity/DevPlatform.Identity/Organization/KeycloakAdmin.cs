using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Runtime.CompilerServices;
using System.Text.Json;
using DevPlatform.Shared.Errors;
using Microsoft.Extensions.Options;

namespace DevPlatform.Identity.Organization;

/// <summary>A group of the realm; its path begins with a slash.</summary>
internal sealed record KeycloakGroup(string Id, string Name, string Path, int SubGroupCount = 0);

/// <summary>A user of the realm.</summary>
internal sealed record KeycloakUser(
    string Id, string Username, bool Enabled, string? FirstName, string? LastName, string? Email, IReadOnlyDictionary<string, string[]>? Attributes);

/// <summary>Reads users and groups from Keycloak's admin API, page by page, as a service account.</summary>
internal sealed class KeycloakAdmin(IHttpClientFactory clients, IOptions<IdentityOptions> identity, IOptions<OrganizationOptions> options)
{
    public const string HttpClientName = "keycloak-admin";
    private const int PageSize = 100;

    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web);

    /// <summary>Signs in; the session is for one run, and ends with its token.</summary>
    /// <exception cref="ServiceUnavailableException">Keycloak does not answer, or refuses the account.</exception>
    public async Task<Session> SignInAsync(CancellationToken cancellationToken)
    {
        var http = clients.CreateClient(HttpClientName);
        using var form = new FormUrlEncodedContent(new Dictionary<string, string>
        {
            ["grant_type"] = "client_credentials",
            ["client_id"] = options.Value.ClientId,
            ["client_secret"] = options.Value.ClientSecret!,
        });
        using var response = await AskAsync(() => http.PostAsync(new Uri($"{identity.Value.Authority}/protocol/openid-connect/token"), form, cancellationToken), cancellationToken);
        var token = await response.Content.ReadFromJsonAsync<JsonElement>(cancellationToken);
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token.GetProperty("access_token").GetString());
        return new Session(http, $"{identity.Value.KeycloakUrl!.TrimEnd('/')}/admin/realms/{identity.Value.Realm}");
    }

    private static async Task<HttpResponseMessage> AskAsync(Func<Task<HttpResponseMessage>> ask, CancellationToken cancellationToken)
    {
        try
        {
            var response = await ask();
            if (response.IsSuccessStatusCode)
            {
                return response;
            }

            using (response)
            {
                throw new ServiceUnavailableException($"Keycloak answered {(int)response.StatusCode} to {response.RequestMessage?.RequestUri?.AbsolutePath}");
            }
        }
        catch (Exception e) when (e is not PlatformException && !cancellationToken.IsCancellationRequested)
        {
            // Refused, too slow, or a circuit that is open: the same to who asks.
            throw new ServiceUnavailableException($"Keycloak does not answer: {e.Message}", e);
        }
    }

    /// <summary>Reads as who signed in.</summary>
    internal sealed class Session(HttpClient http, string realm)
    {
        public IAsyncEnumerable<KeycloakUser> UsersAsync(CancellationToken cancellationToken) =>
            PagesAsync<KeycloakUser>("users?briefRepresentation=false&", cancellationToken);

        public IAsyncEnumerable<KeycloakUser> MembersAsync(KeycloakGroup group, CancellationToken cancellationToken) =>
            PagesAsync<KeycloakUser>($"groups/{group.Id}/members?briefRepresentation=true&", cancellationToken);

        /// <summary>All groups, parents before their children.</summary>
        public async IAsyncEnumerable<KeycloakGroup> GroupsAsync([EnumeratorCancellation] CancellationToken cancellationToken)
        {
            var paths = new Queue<string>(["groups?"]);
            while (paths.TryDequeue(out var path))
            {
                await foreach (var group in PagesAsync<KeycloakGroup>(path, cancellationToken))
                {
                    yield return group;
                    if (group.SubGroupCount > 0)
                    {
                        paths.Enqueue($"groups/{group.Id}/children?");
                    }
                }
            }
        }

        // There is no total: a page that is not full is the last.
        private async IAsyncEnumerable<T> PagesAsync<T>(string path, [EnumeratorCancellation] CancellationToken cancellationToken)
        {
            for (var first = 0; ; first += PageSize)
            {
                using var response = await AskAsync(() => http.GetAsync(new Uri($"{realm}/{path}first={first}&max={PageSize}"), cancellationToken), cancellationToken);
                var page = await response.Content.ReadFromJsonAsync<List<T>>(Json, cancellationToken) ?? [];
                foreach (var item in page)
                {
                    yield return item;
                }

                if (page.Count < PageSize)
                {
                    yield break;
                }
            }
        }
    }
}
