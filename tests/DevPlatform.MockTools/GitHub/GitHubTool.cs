using DevPlatform.MockTools.Git;
using DevPlatform.MockTools.Hosting;

namespace DevPlatform.MockTools.GitHub;

/// <summary>GitHub Enterprise as discovery sees it: repositories over smart HTTP, the REST API at <c>/api/v3</c>, push webhooks.</summary>
internal sealed class GitHubTool : IMockTool
{
    private readonly GitTool _git = new();

    public void Configure(WebApplicationBuilder builder)
    {
        _git.Configure(builder);
        builder.Services.AddSingleton(GitHubOptions.From(builder.Configuration));
        builder.Services.AddSingleton<RateLimiter>();
        builder.Services.AddSingleton<GitHubApps>();
        builder.Services.AddSingleton<GitHubApi>();
        builder.Services.AddSingleton<GitHubPublishing>();
    }

    public void Map(WebApplication app)
    {
        // GitHub reads every body as JSON, whatever the client calls it.
        app.Use((context, next) =>
        {
            if (context.Request.Path.StartsWithSegments("/api/v3") && context.Request.ContentLength > 0)
            {
                context.Request.ContentType = "application/json";
            }

            return next(context);
        });
        app.UseRouting();
        app.Use(app.Services.GetRequiredService<GitServer>().WaitUntilSeededAsync);
        app.Services.GetRequiredService<GitHubApi>().Map(app);
        app.Services.GetRequiredService<SmartHttp>().Map(app);
    }
}
