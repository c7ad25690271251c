using System.Collections.Concurrent;
using DevPlatform.Scaffolder.Templating;
using DevPlatform.Shared.Git;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;

namespace DevPlatform.Scaffolder.Execution;

/// <summary>The filters of this installation's templates: Backstage's, for the repository hosts that are configured.</summary>
internal sealed class TemplateFilters(IOptions<GitOptions> git, IConfiguration configuration)
{
    // Those that Backstage knows without configuration.
    private static readonly string[] PublicHosts = ["github.com", "gitlab.com", "bitbucket.org", "dev.azure.com"];

    private readonly ConcurrentDictionary<(bool, bool, bool), TemplateCache> _skeletons = new();

    public IReadOnlyDictionary<string, TemplateFunction> All { get; } = BackstageFilters.For(Hosts(git.Value, configuration));

    /// <summary>Compiled files of skeletons, shared by all tasks: a skeleton is rendered again and again.</summary>
    public TemplateCache Skeletons(bool cookiecutterCompat, bool trimBlocks, bool lstripBlocks) => _skeletons.GetOrAdd(
        (cookiecutterCompat, trimBlocks, lstripBlocks),
        _ => new TemplateCache(new TemplateOptions { CookiecutterCompat = cookiecutterCompat, TrimBlocks = trimBlocks, LstripBlocks = lstripBlocks, Filters = All }));

    private static HashSet<string> Hosts(GitOptions git, IConfiguration configuration)
    {
        var hosts = new HashSet<string>(PublicHosts.Concat(git.Hosts.Select(h => h.Host)), StringComparer.OrdinalIgnoreCase);
        if (Uri.TryCreate(git.Server ?? configuration["services:git:http:0"], UriKind.Absolute, out var server))
        {
            hosts.Add(server.Authority);
        }

        return hosts;
    }
}
