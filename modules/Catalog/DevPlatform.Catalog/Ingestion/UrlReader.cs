using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using DevPlatform.Shared.Errors;
using DevPlatform.Shared.Outbound;
using Microsoft.Extensions.Options;

namespace DevPlatform.Catalog.Ingestion;

/// <summary>
/// Reads files over HTTP(S). Hosts in private networks are refused unless configured, at the moment of connecting, so that neither a redirect
/// nor a changing name leads there.
/// </summary>
public sealed class UrlReader : IDisposable
{
    private readonly CatalogOptions _options;
    private readonly HttpClient _http;

    public UrlReader(IOptions<CatalogOptions> options)
    {
        _options = options.Value;
        var handler = new SocketsHttpHandler
        {
            ConnectCallback = ConnectAsync,
            AllowAutoRedirect = true,
            MaxAutomaticRedirections = 5,
            UseCookies = false,
            UseProxy = false,
            AutomaticDecompression = DecompressionMethods.All,
            PooledConnectionLifetime = TimeSpan.FromMinutes(2),
        };
        // The deadline is of the whole answer, body included.
        _http = new HttpClient(handler) { Timeout = Timeout.InfiniteTimeSpan };
        _http.DefaultRequestHeaders.UserAgent.Add(new ProductInfoHeaderValue("DevPlatform", null));
    }

    /// <summary>The file's bytes and a version that changes with them; null when it is still <paramref name="knownVersion"/>.</summary>
    /// <exception cref="NotFoundException">404 or 410.</exception>
    /// <exception cref="InputException">The URL may not be read, or the file is too large.</exception>
    /// <exception cref="ServiceUnavailableException">The server does not answer.</exception>
    public async Task<(byte[] Bytes, string Version)?> ReadAsync(string url, string? knownVersion, CancellationToken cancellationToken)
    {
        if (!Uri.TryCreate(url, UriKind.Absolute, out var uri) || uri.Scheme is not ("http" or "https"))
        {
            throw InputException.For("target", url, "an absolute http(s) URL");
        }

        using var request = new HttpRequestMessage(HttpMethod.Get, uri);
        if (knownVersion is not null && EntityTagHeaderValue.TryParse(knownVersion, out var tag))
        {
            request.Headers.IfNoneMatch.Add(tag);
        }

        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        deadline.CancelAfter(_options.ReadTimeout);
        try
        {
            using var response = await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, deadline.Token);
            if (response.StatusCode == HttpStatusCode.NotModified)
            {
                return null;
            }

            if (response.StatusCode is HttpStatusCode.NotFound or HttpStatusCode.Gone)
            {
                throw new NotFoundException($"{url} was not found ({(int)response.StatusCode})");
            }

            if (!response.IsSuccessStatusCode)
            {
                throw new ServiceUnavailableException($"{url} answered {(int)response.StatusCode} {response.ReasonPhrase}");
            }

            var bytes = await ReadBoundedAsync(url, response, deadline.Token);
            var version = response.Headers.ETag?.ToString() ?? "sha256:" + Convert.ToHexStringLower(SHA256.HashData(bytes));
            return version == knownVersion ? null : (bytes, version);
        }
        catch (HttpRequestException e) when (e.InnerException is InputException refused)
        {
            throw new InputException($"{url}: {refused.Message}", e);
        }
        catch (Exception e) when (e is HttpRequestException or IOException)
        {
            throw new ServiceUnavailableException($"{url} cannot be read: {e.Message}", e);
        }
        catch (OperationCanceledException e) when (!cancellationToken.IsCancellationRequested)
        {
            throw new ServiceUnavailableException($"{url} did not answer within {_options.ReadTimeout.TotalSeconds:0} s", e);
        }
    }

    public void Dispose() => _http.Dispose();

    private async Task<byte[]> ReadBoundedAsync(string url, HttpResponseMessage response, CancellationToken cancellationToken)
    {
        await using var stream = await response.Content.ReadAsStreamAsync(cancellationToken);
        using var buffer = new MemoryStream();
        var chunk = new byte[16 * 1024];
        int read;
        while ((read = await stream.ReadAsync(chunk, cancellationToken)) > 0)
        {
            buffer.Write(chunk, 0, read);
            if (buffer.Length > _options.MaxFileBytes)
            {
                throw new InputException($"{url} is too large; allowed: at most {_options.MaxFileBytes} bytes");
            }
        }

        return buffer.ToArray();
    }

    private ValueTask<Stream> ConnectAsync(SocketsHttpConnectionContext context, CancellationToken cancellationToken)
    {
        var endpoint = context.DnsEndPoint;
        var allowed = _options.ReadingAllow.Contains($"{endpoint.Host}:{endpoint.Port}", StringComparer.OrdinalIgnoreCase);
        return PrivateNetwork.ConnectAsync(endpoint, allowed, cancellationToken);
    }
}
