using DevPlatform.MockTools.Hosting;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace DevPlatform.MockTools.Git;

/// <summary>A Git server: smart HTTP through <c>git http-backend</c>, Gitea's addresses for files and repositories, GitHub's push webhooks.</summary>
internal sealed class GitTool : IMockTool
{
    public void Configure(WebApplicationBuilder builder)
    {
        // A push is as large as it is.
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Limits.MaxRequestBodySize = null);
        builder.Services.AddSingleton(GitOptions.From(builder.Configuration));
        builder.Services.AddSingleton<GitRepositories>();
        builder.Services.TryAddSingleton(TimeProvider.System);
        builder.Services.AddSingleton<GitTokens>();
        builder.Services.AddSingleton<GitAccounts>();
        builder.Services.AddSingleton<GitSeed>();
        builder.Services.AddSingleton<GitServer>();
        builder.Services.AddSingleton<GitFiles>();
        builder.Services.AddSingleton<GitApi>();
        builder.Services.AddSingleton<PullRequests>();
        builder.Services.AddSingleton<PullRequestApi>();
        builder.Services.AddSingleton<PushWebhooks>();
        builder.Services.AddSingleton<SmartHttp>();
        builder.Services.AddHostedService(services => services.GetRequiredService<GitServer>());
        builder.Services.AddHostedService(services => services.GetRequiredService<PushWebhooks>());
    }

    public void Map(WebApplication app)
    {
        app.Use(app.Services.GetRequiredService<GitServer>().WaitUntilSeededAsync);
        app.Services.GetRequiredService<GitApi>().Map(app);
        app.Services.GetRequiredService<PullRequestApi>().Map(app);
        app.Services.GetRequiredService<SmartHttp>().Map(app);
        app.Services.GetRequiredService<GitFiles>().Map(app);
    }
}
