using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace DevPlatform.Shared.Git;

/// <summary>Registration of <see cref="IGitRepositories"/>.</summary>
public static class GitServiceExtensions
{
    /// <summary>Adds reading of Git repositories (section <c>Git</c>). Every module that reads may call it.</summary>
    public static IServiceCollection AddGitRepositories(this IServiceCollection services)
    {
        services.AddOptions<GitOptions>().BindConfiguration(GitOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        services.TryAddSingleton<GitAccess>();
        services.TryAddSingleton<IGitRepositories, GitRepositories>();
        return services;
    }
}
