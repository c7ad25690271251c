using System.Collections.Concurrent;
using System.Net;
using System.Net.Http.Headers;

namespace DevPlatform.Catalog.Providers.GitHub;

/// <summary>
/// Asks again with the ETag of the last answer, and gives that when nothing changed: GitHub does not count such a request. Only lists are
/// remembered, which are asked for again and again.
/// </summary>
internal sealed class ConditionalRequests(HttpMessageHandler inner) : DelegatingHandler(inner)
{
    private const int MaxRemembered = 1000;
    private readonly ConcurrentDictionary<Uri, Answer> _answers = new();

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var uri = request.RequestUri!;
        if (request.Method != HttpMethod.Get || !uri.AbsolutePath.EndsWith("/repos", StringComparison.Ordinal))
        {
            return await base.SendAsync(request, cancellationToken);
        }

        if (_answers.TryGetValue(uri, out var known))
        {
            request.Headers.IfNoneMatch.Add(known.Tag);
        }

        var response = await base.SendAsync(request, cancellationToken);
        if (response.StatusCode == HttpStatusCode.NotModified && known is not null)
        {
            response.StatusCode = HttpStatusCode.OK;
            response.Content = known.ToContent();
            if (known.Link is not null && !response.Headers.Contains("Link"))
            {
                response.Headers.TryAddWithoutValidation("Link", known.Link);
            }
        }
        else if (response.StatusCode == HttpStatusCode.OK && response.Headers.ETag is { } tag && _answers.Count < MaxRemembered)
        {
            var answer = new Answer(
                tag, await response.Content.ReadAsByteArrayAsync(cancellationToken), response.Content.Headers.ContentType,
                response.Headers.TryGetValues("Link", out var links) ? string.Join(", ", links) : null);
            _answers[uri] = answer;
            response.Content = answer.ToContent();
        }

        return response;
    }

    private sealed record Answer(EntityTagHeaderValue Tag, byte[] Body, MediaTypeHeaderValue? Type, string? Link)
    {
        public ByteArrayContent ToContent()
        {
            var content = new ByteArrayContent(Body);
            content.Headers.ContentType = Type;
            return content;
        }
    }
}
