using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json.Nodes;

namespace DevPlatform.AppHost.Demo;

/// <summary>One account at the platform's public API: signs in at Keycloak as the command line client and sends its access token.</summary>
internal sealed class PlatformClient : IDisposable
{
    private readonly HttpClient _http;

    private PlatformClient(HttpClient http, string account) => (_http, Account) = (http, account);

    public string Account { get; }

    /// <summary>Signs in with the password grant, which the local realm alone allows.</summary>
    public static async Task<PlatformClient> SignInAsync(Uri api, Uri keycloak, string account, CancellationToken cancellationToken)
    {
        var http = new HttpClient { BaseAddress = api, Timeout = TimeSpan.FromMinutes(10) };
        using var form = new FormUrlEncodedContent(new Dictionary<string, string>
        {
            ["grant_type"] = "password",
            ["client_id"] = "developer-portal-cli",
            ["scope"] = "openid",
            ["username"] = account,
            ["password"] = account,
        });
        using var answer = await http.PostAsync(new Uri(keycloak, "realms/platform/protocol/openid-connect/token"), form, cancellationToken);
        var token = await ReadAsync(answer, cancellationToken);
        Expect(answer.IsSuccessStatusCode, $"Keycloak refused {account}: {token}");
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token!["access_token"]!.GetValue<string>());
        return new PlatformClient(http, account);
    }

    public Task<JsonNode> GetAsync(string path, CancellationToken cancellationToken) =>
        SendAsync(HttpMethod.Get, path, null, cancellationToken);

    public Task<JsonNode> PostAsync(string path, JsonNode? body, CancellationToken cancellationToken) =>
        SendAsync(HttpMethod.Post, path, body, cancellationToken);

    /// <summary>Sends a request that must be refused with <paramref name="status"/> and returns the error's message.</summary>
    public async Task<string> RefusedAsync(int status, HttpMethod method, string path, JsonNode? body, CancellationToken cancellationToken)
    {
        var (actual, answer) = await TrySendAsync(method, path, body, cancellationToken);
        Expect(actual == status, $"{Account}: {method} {path} should have been refused with {status} but answered {actual}: {answer}");
        return answer?["error"]?["message"]?.GetValue<string>() ?? answer?["errors"]?.ToJsonString() ?? "";
    }

    /// <summary>The <c>data:</c> payloads of a server-sent event stream, until the server ends it.</summary>
    public async IAsyncEnumerable<JsonNode> StreamAsync(
        string path, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(path, UriKind.Relative));
        request.Headers.Accept.ParseAdd("text/event-stream");
        using var answer = await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
        answer.EnsureSuccessStatusCode();
        using var reader = new StreamReader(await answer.Content.ReadAsStreamAsync(cancellationToken));
        while (await reader.ReadLineAsync(cancellationToken) is { } line)
        {
            if (line.StartsWith("data:", StringComparison.Ordinal))
            {
                yield return JsonNode.Parse(line["data:".Length..])!;
            }
        }
    }

    /// <summary>Repeats a request until its answer satisfies <paramref name="done"/>.</summary>
    public async Task<JsonNode> PollAsync(
        string path, Func<JsonNode, bool> done, TimeSpan limit, string what, CancellationToken cancellationToken)
    {
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        deadline.CancelAfter(limit);
        JsonNode? last = null;
        while (true)
        {
            try
            {
                var (status, answer) = await TrySendAsync(HttpMethod.Get, path, null, deadline.Token);
                last = answer;
                if (status == 200 && answer is not null && done(answer))
                {
                    return answer;
                }

                await Task.Delay(200, deadline.Token);
            }
            catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
            {
                throw new DemoFailedException($"{what}: not within {limit.TotalSeconds:0} s; last answer: {last?.ToJsonString()}");
            }
        }
    }

    public void Dispose() => _http.Dispose();

    public static void Expect(bool condition, string otherwise)
    {
        if (!condition)
        {
            throw new DemoFailedException(otherwise);
        }
    }

    private async Task<JsonNode> SendAsync(HttpMethod method, string path, JsonNode? body, CancellationToken cancellationToken)
    {
        var (status, answer) = await TrySendAsync(method, path, body, cancellationToken);
        Expect(status is >= 200 and < 300, $"{Account}: {method} {path} answered {status}: {answer?.ToJsonString()}");
        return answer ?? new JsonObject();
    }

    private async Task<(int Status, JsonNode? Answer)> TrySendAsync(
        HttpMethod method, string path, JsonNode? body, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(method, new Uri(path, UriKind.Relative));
        if (body is not null)
        {
            request.Content = JsonContent.Create(body);
        }

        using var answer = await _http.SendAsync(request, cancellationToken);
        return ((int)answer.StatusCode, await ReadAsync(answer, cancellationToken));
    }

    private static async Task<JsonNode?> ReadAsync(HttpResponseMessage answer, CancellationToken cancellationToken)
    {
        var text = await answer.Content.ReadAsStringAsync(cancellationToken);
        try
        {
            return text.Length == 0 ? null : JsonNode.Parse(text);
        }
        catch (System.Text.Json.JsonException)
        {
            return JsonValue.Create(text);
        }
    }
}

/// <summary>A step of the demo did not do what it must.</summary>
internal sealed class DemoFailedException(string message) : Exception(message);
