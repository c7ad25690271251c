using System.Buffers;
using System.Net;
using System.Net.Http.Headers;
using LibGit2Sharp;

namespace DevPlatform.Shared.Git;

/// <summary>
/// Git's smart protocol over HTTP(S) through <see cref="GitHttp"/>: libgit2's own client resolves names where nobody can check the address. It has
/// schemes of its own, since libgit2 keeps its own for <c>http</c> and <c>https</c>.
/// </summary>
internal sealed class GitTransport : RpcSmartSubtransport
{
    private const string Prefix = "guarded+";
    private static readonly object Registered = Register();

    private UsernamePasswordCredentials? _account;

    /// <summary>The address under which libgit2 uses this transport; others than HTTP(S) stay.</summary>
    public static string AddressOf(string url)
    {
        // Touched, so that the transport is registered before its address is used.
        ArgumentNullException.ThrowIfNull(Registered);
        return url.StartsWith("http", StringComparison.OrdinalIgnoreCase) ? Prefix + url : url;
    }

    /// <summary>Asks, and where the server wants an account asks again with it.</summary>
    public HttpResponseMessage Send(Uri url, string accept, Func<HttpContent?> content)
    {
        var exchange = GitExchange.Current;
        var response = Ask();
        // Once: where the server refuses the account, asking again with it would never end.
        if (response.StatusCode == HttpStatusCode.Unauthorized && _account is null
            && AcquireCredentials(out var credentials, null, typeof(UsernamePasswordCredentials)) == 0 && credentials is UsernamePasswordCredentials account)
        {
            response.Dispose();
            _account = account;
            response = Ask();
        }

        if (response.IsSuccessStatusCode && response.Content.Headers.ContentType?.MediaType == accept)
        {
            return response;
        }

        var status = response.IsSuccessStatusCode ? HttpStatusCode.NotFound : response.StatusCode;
        response.Dispose();
        throw new HttpRequestException($"it answered {(int)status} {status}", null, status);

        HttpResponseMessage Ask()
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, url);
            request.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue(accept));
            if (content() is { } body)
            {
                (request.Method, request.Content) = (HttpMethod.Post, body);
            }

            return exchange.Http.Send(request, _account, exchange.CancellationToken);
        }
    }

    protected override SmartSubtransportStream Action(string url, GitSmartSubtransportAction action)
    {
        var repository = url[Prefix.Length..];
        return action switch
        {
            GitSmartSubtransportAction.UploadPackList => List("git-upload-pack"),
            GitSmartSubtransportAction.ReceivePackList => List("git-receive-pack"),
            GitSmartSubtransportAction.UploadPack => Call("git-upload-pack"),
            GitSmartSubtransportAction.ReceivePack => Call("git-receive-pack"),
            _ => throw new NotSupportedException($"{action}"),
        };

        GitTransportStream List(string service) => new(this, new Uri($"{repository}/info/refs?service={service}"), null, $"application/x-{service}-advertisement");

        GitTransportStream Call(string service) => new(this, new Uri($"{repository}/{service}"), $"application/x-{service}-request", $"application/x-{service}-result");
    }

    private static object Register() => (
        GlobalSettings.RegisterSmartSubtransport<GitTransport>(Prefix + "http"),
        GlobalSettings.RegisterSmartSubtransport<GitTransport>(Prefix + "https"));
}

/// <summary>One request: what libgit2 writes is its body, and is sent when it begins to read.</summary>
internal sealed class GitTransportStream(GitTransport transport, Uri url, string? contentType, string accept) : SmartSubtransportStream(transport)
{
    private readonly ArrayBufferWriter<byte> _body = new();
    private HttpResponseMessage? _response;
    private Stream? _answer;

    public override int Read(Stream dataStream, long length, out long bytesRead)
    {
        var exchange = GitExchange.Current;
        bytesRead = exchange.Run(() =>
        {
            _response ??= transport.Send(url, accept, Content);
            _answer ??= _response.Content.ReadAsStream(exchange.CancellationToken);
            var buffer = new byte[Math.Min(length, 64 * 1024)];
            var read = _answer.ReadAsync(buffer, exchange.CancellationToken).AsTask().GetAwaiter().GetResult();
            dataStream.Write(buffer, 0, read);
            return read;
        });
        return 0;
    }

    public override int Write(Stream dataStream, long length)
    {
        var buffer = new byte[Math.Min(length, 64 * 1024)];
        for (var left = length; left > 0;)
        {
            var read = dataStream.Read(buffer, 0, (int)Math.Min(left, buffer.Length));
            if (read == 0)
            {
                break;
            }

            _body.Write(buffer.AsSpan(0, read));
            left -= read;
        }

        return 0;
    }

    protected override void Free()
    {
        _answer?.Dispose();
        _response?.Dispose();
        base.Free();
    }

    private ByteArrayContent? Content()
    {
        if (contentType is null)
        {
            return null;
        }

        var content = new ByteArrayContent(_body.WrittenSpan.ToArray());
        content.Headers.ContentType = new MediaTypeHeaderValue(contentType);
        return content;
    }
}
