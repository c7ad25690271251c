using System.Text.Json;
using DevPlatform.Catalog.Contracts;
using DevPlatform.Catalog.Ingestion;
using DevPlatform.Catalog.Web;
using DevPlatform.Shared.Errors;
using DevPlatform.Shared.Git;
using DevPlatform.Shared.Permissions;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Options;

namespace DevPlatform.Catalog.Locations;

/// <summary><c>POST /analyze-location</c>: the catalog files of a repository, or a proposal for its first one.</summary>
internal static class AnalyzeLocation
{
    public static void Map(IEndpointRouteBuilder catalog) => catalog.MapPost("/analyze-location", RunAsync)
        .RequirePermission(CatalogPermissions.LocationAnalyze)
        .WithSummary("Looks at a location before registering it")
        .WithDescription("Body: location {type, target}, catalogFilename. Answers existingEntityFiles and generateEntities.");

    private static async Task<IResult> RunAsync(
        HttpContext context, SourceReader reader, SourceTreeReader trees, LocationRegistry locations, IOptions<CatalogOptions> options)
    {
        var body = await RequestBody.ReadAsync(context);
        if (!body.TryGetProperty("location", out var location) || location.ValueKind != JsonValueKind.Object)
        {
            throw InputException.For("location", null, "an object with type and target");
        }

        var target = location.Text("target", required: true)!;
        if (!Uri.TryCreate(target, UriKind.Absolute, out var uri) || uri.Scheme is not ("http" or "https"))
        {
            throw new InputException("The given location.target is not a URL");
        }

        var existing = new List<object>();
        if (GitUrl.TryParse(target, out var git))
        {
            var snapshot = await reader.SnapshotAsync(git.CloneUrl, git.Reference, new ReadSession(), context.RequestAborted);
            var name = body.Text("catalogFilename") ?? options.Value.Git.FileName;
            foreach (var file in snapshot.List().Where(f => !f.IsSymbolicLink && Path.GetFileName(f.Path) == name))
            {
                var url = GitUrl.ForFile(git.CloneUrl, snapshot.Reference, file.Path).ToString();
                var tree = await trees.ReadLocationAsync("url", url, context.RequestAborted);
                var registered = await locations.FindAsync("url", url, context.RequestAborted) is not null;
                existing.AddRange(tree.Entities.Skip(1).Where(e => e.Location == $"url:{url}")
                    .Select(e => new { location = new { type = "url", target = url }, isRegistered = registered, entity = e.Entity }));
            }
        }

        return Results.Ok(new { existingEntityFiles = existing, generateEntities = existing.Count > 0 ? [] : new[] { Proposal(uri) } });
    }

    private static object Proposal(Uri uri)
    {
        var segments = uri.AbsolutePath.Split('/', StringSplitOptions.RemoveEmptyEntries);
        var slug = uri.Host == "github.com" && segments.Length >= 2 ? $"{segments[0]}/{segments[1]}" : null;
        object metadata = slug is null
            ? new { name = segments.LastOrDefault()?.Split('.')[0] ?? uri.Host }
            : new { name = segments[1], annotations = new Dictionary<string, string> { ["github.com/project-slug"] = slug } };
        return new
        {
            entity = new { apiVersion = "backstage.io/v1alpha1", kind = "Component", metadata, spec = new { type = "other", lifecycle = "unknown" } },
            fields = Array.Empty<object>(),
        };
    }
}
