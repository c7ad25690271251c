using System.Net.Http.Json;
using System.Text.Json;
using DevPlatform.Access.Requests;
using DevPlatform.Access.Tests.Support;

namespace DevPlatform.Access.Tests.Requests;

[Collection(AccessCollection.Name)]
public sealed class WarnOfExpiryTests(AccessPlatform platform)
{
    [Fact]
    public async Task Users_are_told_that_their_access_begins_and_that_it_ends_soon()
    {
        var developer = platform.Client("developer");
        var id = Guid.Parse((await developer.GetAccessAsync()).Id());
        await ExpectAsync("You have access to orders");

        // Too early: nothing to tell.
        await platform.SendAsync(new WarnOfExpiry(id));
        (await platform.QueryAsync<long>("select count(*) from integrations.notifications where key like $1", $"access:{id}:expires:%")).ShouldBe([0]);

        await platform.QueryAsync<Guid>("update access.requests set expires_at = now() + interval '4 minutes' where id = $1 returning id", id);
        await platform.SendAsync(new WarnOfExpiry(id));
        await ExpectAsync("Your access to orders ends soon");

        async Task ExpectAsync(string title)
        {
            var last = default(JsonElement);
            await Eventually.TrueAsync(
                async () =>
                {
                    last = await developer.GetFromJsonAsync<JsonElement>("/api/notifications/notifications");
                    return last.GetProperty("notifications").EnumerateArray().Select(n => n.GetProperty("payload"))
                        .Any(p => p.GetProperty("link").GetString() == $"/access/requests/{id}" && p.GetProperty("title").GetString() == title);
                },
                () => $"{title}: {last}");
        }
    }
}
