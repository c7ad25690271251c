using System.Net;
using System.Net.Http.Headers;
using System.Text;
using DevPlatform.Shared.Outbound;
using LibGit2Sharp;

namespace DevPlatform.Shared.Git;

/// <summary>
/// HTTP to Git servers. A host that is not configured is checked at the moment of connecting, and the address that was checked is the one connected to,
/// so that a name whose address changes leads nowhere else; redirects are not followed.
/// </summary>
internal sealed class GitHttp : IDisposable
{
    private readonly HttpClient _http;

    public GitHttp(GitAccess access, INameResolver resolver)
    {
        var handler = new SocketsHttpHandler
        {
            ConnectCallback = (context, cancellationToken) =>
                PrivateNetwork.ConnectAsync(context.DnsEndPoint, access.IsConfigured(context.InitialRequestMessage.RequestUri!), cancellationToken, resolver),
            AllowAutoRedirect = false,
            UseCookies = false,
            UseProxy = false,
            AutomaticDecompression = DecompressionMethods.All,
            PooledConnectionLifetime = TimeSpan.FromMinutes(2),
        };
        // The deadline is of the whole exchange.
        _http = new HttpClient(handler) { Timeout = Timeout.InfiniteTimeSpan };
        _http.DefaultRequestHeaders.UserAgent.ParseAdd("git/2.0 (DevPlatform)");
    }

    /// <summary>Sends a request; blocks, as libgit2 does.</summary>
    /// <exception cref="HttpRequestException">No answer, or one that is no success.</exception>
    public HttpResponseMessage Send(HttpRequestMessage request, UsernamePasswordCredentials? account, CancellationToken cancellationToken)
    {
        if (account is not null)
        {
            request.Headers.Authorization = new AuthenticationHeaderValue("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes($"{account.Username}:{account.Password}")));
        }

        return _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken).GetAwaiter().GetResult();
    }

    public void Dispose() => _http.Dispose();
}

/// <summary>
/// What one use of libgit2 has to do with the network. libgit2 makes transports by itself and knows of no context, but never leaves its thread.
/// </summary>
internal sealed class GitExchange(GitHttp http, CancellationToken cancellationToken)
{
    [ThreadStatic]
    private static GitExchange? _current;

    /// <summary>This thread's.</summary>
    public static GitExchange Current => _current ?? throw new InvalidOperationException("Git is used outside an exchange.");

    public GitHttp Http { get; } = http;

    public CancellationToken CancellationToken { get; } = cancellationToken;

    /// <summary>Why the transport failed; libgit2 keeps the message only.</summary>
    public Exception? Failure { get; private set; }

    /// <summary>Makes it this thread's until disposed.</summary>
    public IDisposable Enter()
    {
        _current = this;
        return new Leaving();
    }

    /// <summary>Runs a part of the transport, and remembers why it failed.</summary>
    public T Run<T>(Func<T> part)
    {
        try
        {
            return part();
        }
        catch (Exception e)
        {
            Failure = e;
            throw;
        }
    }

    private sealed class Leaving : IDisposable
    {
        public void Dispose() => _current = null;
    }
}
