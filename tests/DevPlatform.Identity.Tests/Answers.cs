using System.Net;
using System.Net.Http.Json;
using System.Text.Json;

namespace DevPlatform.Identity.Tests;

internal static class Answers
{
    /// <summary>The JSON body of an answer that must have this status.</summary>
    public static async Task<JsonElement> JsonAsync(this HttpResponseMessage response, HttpStatusCode expected = HttpStatusCode.OK)
    {
        var text = await response.Content.ReadAsStringAsync();
        response.StatusCode.ShouldBe(expected, text);
        return JsonSerializer.Deserialize<JsonElement>(text);
    }

    public static async Task<JsonElement> GetJsonAsync(this HttpClient client, string path) => await (await client.GetAsync(path)).JsonAsync();

    public static async Task<HttpResponseMessage> PostAsync(this HttpClient client, string path, object body) => await client.PostAsJsonAsync(path, body);

    public static string[] Strings(this JsonElement array) => [.. array.EnumerateArray().Select(e => e.GetString()!)];
}
