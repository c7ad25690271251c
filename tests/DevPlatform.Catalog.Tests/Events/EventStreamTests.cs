using System.Net;
using System.Net.ServerSentEvents;
using System.Text.Json.Nodes;
using DevPlatform.Api.Hosting;
using DevPlatform.Catalog.Tests.Support;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;

namespace DevPlatform.Catalog.Tests.Events;

[Collection(CatalogCollection.Name)]
public sealed class EventStreamTests(CatalogPlatform platform)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(90);

    [Fact]
    public async Task Tells_what_happens_and_goes_on_where_a_listener_left_off()
    {
        string? last;
        await using (var listener = await ListenAsync(platform.Admin, "filter=metadata.labels.set=events"))
        {
            var location = await platform.RegisterAsync("events/a.yaml", Yaml.All(Entity("ev-a"), Yaml.Component("ev-other", "ev-team"), Yaml.Group("ev-team")));
            var added = await listener.NextAsync();
            (added["entityRef"]!.ToString(), added["change"]!.ToString()).ShouldBe(("component:default/ev-a", "added"));
            added["etag"]!.ToString().ShouldBe((await platform.EntityAsync("component", "ev-a"))!["metadata"]!["etag"]!.ToString());
            last = listener.LastId;

            platform.Files.Put("events/a.yaml", Yaml.All(Entity("ev-a", "  title: Changed\n"), Yaml.Group("ev-team")));
            await platform.RefreshAsync("component:default/ev-a");
            (await listener.NextAsync())["change"]!.ToString().ShouldBe("updated");
            (await platform.Admin.DeleteAsync($"/api/catalog/locations/{location}")).EnsureSuccessStatusCode();
            (await listener.NextAsync()).ToJsonString().ShouldStartWith("""{"entityRef":"component:default/ev-a","change":"removed","at":""");
        }

        // What happened in between is told as it is now: the entity is gone, so of its update nothing can be shown.
        await using var resumed = await ListenAsync(platform.Admin, "filter=metadata.labels.set=events", last);
        (await resumed.NextAsync())["change"]!.ToString().ShouldBe("removed");
    }

    [Fact]
    public async Task Another_replica_tells_only_what_the_listener_may_see_and_lets_go_when_it_stops()
    {
        const string read = "Permissions:Policies:catalog.entity.read:Allow";
        await using var other = PlatformHost.Build(platform.ReplicaArguments($"{read}:0:Roles:0=developer", $"{read}:0:Owner=true"));
        await other.StartPlatformAsync();
        var url = new Uri(other.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First());
        await using var listener = await ListenAsync(platform.Client("developer"), "filter=metadata.labels.set=events", at: url);

        var location = await platform.RegisterAsync("events/b.yaml", Yaml.All(Entity("ev-theirs"), Entity("ev-mine", owner: "team-orders"), Yaml.Group("ev-team")));
        (await listener.NextAsync())["entityRef"]!.ToString().ShouldBe("component:default/ev-mine");
        (await platform.Admin.DeleteAsync($"/api/catalog/locations/{location}")).EnsureSuccessStatusCode();
        var removed = await listener.NextAsync();
        (removed["entityRef"]!.ToString(), removed["change"]!.ToString()).ShouldBe(("component:default/ev-mine", "removed"));

        var stopped = other.StopAsync();
        await listener.EndAsync();
        await stopped.WaitAsync(Patience);
    }

    [Fact]
    public async Task Ends_when_the_token_does()
    {
        var token = await platform.Keycloak.ForgeAsync(new { username = "platform-admin", expiresIn = 3 });
        await using var listener = await ListenAsync(platform.ClientWithToken(token), "");
        await listener.EndAsync();
    }

    [Fact]
    public async Task Says_so_when_events_were_missed_for_good()
    {
        await platform.RegisterOnceAsync("events/c.yaml", Yaml.Group("ev-c"));
        await using var listener = await ListenAsync(platform.Admin, "", "999999999");
        (await listener.NextAsync("reset"))["reason"]!.ToString().ShouldContain("a day");
        long.Parse(listener.LastId!).ShouldBeInRange(1, 999999998);
    }

    [Fact]
    public async Task An_id_that_is_none_of_ours_is_refused()
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/api/catalog/events");
        request.Headers.Add("Last-Event-ID", "yesterday");
        using var response = await platform.Admin.SendAsync(request);
        response.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        (await response.Content.ReadAsStringAsync()).ShouldContain("Last-Event-ID");
    }

    private static string Entity(string name, string metadata = "", string owner = "ev-team") => Yaml.Component(name, owner, metadata: $"  labels: {{ set: events }}\n{metadata}");

    private async Task<Listener> ListenAsync(HttpClient client, string query, string? after = null, Uri? at = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(at ?? platform.BaseUrl, $"/api/catalog/events?{query}"));
        if (after is not null)
        {
            request.Headers.Add("Last-Event-ID", after);
        }

        var response = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        response.StatusCode.ShouldBe(HttpStatusCode.OK);
        response.Content.Headers.ContentType!.MediaType.ShouldBe("text/event-stream");
        var listener = new Listener(response, SseParser.Create(await response.Content.ReadAsStreamAsync()).EnumerateAsync().GetAsyncEnumerator());
        // The first heartbeat says from where on it listens.
        await listener.NextItemAsync();
        return listener;
    }

    private sealed class Listener(HttpResponseMessage response, IAsyncEnumerator<SseItem<string>> items) : IAsyncDisposable
    {
        public string? LastId { get; private set; }

        public async Task<JsonNode> NextAsync(string name = "entity")
        {
            while (true)
            {
                var item = await NextItemAsync() ?? throw new EndOfStreamException();
                if (item.EventType == name)
                {
                    return JsonNode.Parse(item.Data)!;
                }
            }
        }

        public async Task<SseItem<string>?> NextItemAsync()
        {
            if (!await items.MoveNextAsync().AsTask().WaitAsync(Patience))
            {
                return null;
            }

            LastId = items.Current.EventId;
            return items.Current;
        }

        /// <summary>The stream ends of itself, without being torn off.</summary>
        public async Task EndAsync()
        {
            while (await NextItemAsync() is not null)
            {
            }
        }

        public async ValueTask DisposeAsync()
        {
            response.Dispose();
            try
            {
                await items.DisposeAsync();
            }
            catch (NotSupportedException)
            {
                // It was waiting for the next event.
            }
        }
    }
}
