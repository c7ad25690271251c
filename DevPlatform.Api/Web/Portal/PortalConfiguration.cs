using System.Text.Json;

namespace DevPlatform.Api.Web.Portal;

/// <summary>
/// The configuration that the portal's page gets (Backstage's frontend-visible settings). Nothing secret belongs here: everybody can read it.
/// Settings: <c>Portal:Title</c>, <c>Portal:Organization</c>, and <c>Portal:BaseUrl</c>, by default the address that the request came to.
/// </summary>
internal sealed class PortalConfiguration(IConfiguration configuration)
{
    public string Title => configuration["Portal:Title"] ?? "DevPlatform";

    /// <summary>A JSON array of configuration objects; safe inside a script element (System.Text.Json escapes "&lt;").</summary>
    public string For(HttpRequest request)
    {
        var baseUrl = configuration["Portal:BaseUrl"]?.TrimEnd('/') ?? $"{request.Scheme}://{request.Host}";
        return JsonSerializer.Serialize(new[]
        {
            new
            {
                context = "app",
                data = new
                {
                    app = new { title = Title, baseUrl },
                    backend = new { baseUrl },
                    organization = new { name = configuration["Portal:Organization"] ?? Title },
                    auth = new { environment = "production", providers = new { oidc = new { } } },
                    permission = new { enabled = true },
                },
            },
        });
    }
}
