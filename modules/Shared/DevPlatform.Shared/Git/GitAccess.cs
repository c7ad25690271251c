using DevPlatform.Shared.Errors;
using DevPlatform.Shared.Outbound;
using LibGit2Sharp;
using LibGit2Sharp.Handlers;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;

namespace DevPlatform.Shared.Git;

/// <summary>Which repositories may be read, and as whom: an account is only ever sent to the host it belongs to.</summary>
public sealed class GitAccess(IOptions<GitOptions> options, IConfiguration configuration, INameResolver resolver, IEnumerable<IGitAccounts> accounts)
{
    private string? Server => options.Value.Server ?? configuration["services:git:http:0"];

    /// <summary>The canonical clone URL, so that spellings of one repository share one clone.</summary>
    public static string Canonical(string cloneUrl)
    {
        var url = cloneUrl.TrimEnd('/');
        return url.EndsWith(".git", StringComparison.Ordinal) ? url : url + ".git";
    }

    /// <summary>Refuses a clone URL that may not be reached: another scheme, user name and password in it, a private network that is not configured.</summary>
    /// <exception cref="InputException">Says what is allowed.</exception>
    public async Task CheckAsync(string cloneUrl, CancellationToken cancellationToken)
    {
        if (!Uri.TryCreate(cloneUrl, UriKind.Absolute, out var uri) || uri.UserInfo.Length > 0)
        {
            throw InputException.For("repository", cloneUrl, "an absolute http(s) clone URL without user name and password");
        }

        if (uri.Scheme == "file" && options.Value.AllowFileUrls)
        {
            return;
        }

        if (uri.Scheme is not ("http" or "https"))
        {
            throw InputException.For("repository", cloneUrl, "an http(s) clone URL");
        }

        if (!IsConfigured(uri))
        {
            await PrivateNetwork.ResolvePublicAsync(uri.Host, cancellationToken, resolver);
        }
    }

    /// <summary>The account for a repository's host, for when its server asks for one.</summary>
    public CredentialsHandler CredentialsFor(string cloneUrl)
    {
        var uri = new Uri(cloneUrl);
        var (name, password) = IsServer(uri) && options.Value.Username is { } username
            ? (username, options.Value.Password)
            : HostOptions(uri) is { Username: { } hostUser } host ? (hostUser, host.Password) : (null, null);
        // libgit2 asks again when the server refuses; answering the same would never end.
        var asked = false;
        return (_, _, _) =>
        {
            // On libgit2's own thread, which blocks anyhow.
            var account = name is not null ? new GitAccount(name, password ?? "") : MakeAsync(uri).GetAwaiter().GetResult();
            if (asked || account is null)
            {
                throw new LibGit2SharpException(account is null ? $"there is no account for {uri.Authority} (401)" : $"authentication of {account.Username} was refused (401)");
            }

            asked = true;
            return new UsernamePasswordCredentials { Username = account.Username, Password = account.Password };
        };
    }

    private async Task<GitAccount?> MakeAsync(Uri repository)
    {
        foreach (var source in accounts)
        {
            if (await source.FindAsync(repository, CancellationToken.None) is { } account)
            {
                return account;
            }
        }

        return null;
    }

    /// <summary>Whether a host is among the settings, and so may be in a private network.</summary>
    internal bool IsConfigured(Uri uri) => IsServer(uri) || HostOptions(uri) is not null;

    private bool IsServer(Uri uri) => Uri.TryCreate(Server, UriKind.Absolute, out var server) && uri.Authority.Equals(server.Authority, StringComparison.OrdinalIgnoreCase);

    private GitHostOptions? HostOptions(Uri uri) =>
        options.Value.Hosts.FirstOrDefault(host => host.Host.Equals(uri.Authority, StringComparison.OrdinalIgnoreCase));
}
