using DevPlatform.Shared.Configuration;
using DevPlatform.Shared.Outbound;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace DevPlatform.Shared.Git;

/// <summary>Registration of <see cref="IGitRepositories"/>.</summary>
public static class GitServiceExtensions
{
    /// <summary>Adds reading and changing of Git repositories (section <c>Git</c>). Every module that reads may call it.</summary>
    public static IServiceCollection AddGitRepositories(this IServiceCollection services)
    {
        if (services.Any(service => service.ServiceType == typeof(GitAccess)))
        {
            return services;
        }

        services.AddModuleOptions<GitOptions>(GitOptions.Section);
        services.TryAddSingleton<INameResolver>(SystemNameResolver.Instance);
        services.AddSingleton<GitAccess>();
        services.AddSingleton<GitHttp>();
        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton<GitRepositories>();
        services.AddSingleton<IGitRepositories>(provider => provider.GetRequiredService<GitRepositories>());
        services.AddSingleton<IGitCommits>(provider => provider.GetRequiredService<GitRepositories>());
        return services;
    }
}
