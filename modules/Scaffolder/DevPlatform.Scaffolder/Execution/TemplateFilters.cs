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

    public IReadOnlyDictionary<string, TemplateFunction> All { get; } = BackstageFilters.For(Hosts(git.Value, configuration));

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
