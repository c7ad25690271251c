using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using CsCheck;
using DevPlatform.Catalog.Graph;
using DevPlatform.Catalog.Reads;
using DevPlatform.Catalog.Search;
using DevPlatform.Catalog.Tests.Support;
using DevPlatform.Shared.Errors;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;

namespace DevPlatform.Catalog.Tests.Hostile;

/// <summary>Questions nobody would ask on purpose: each is answered, or refused as the asker's mistake. No crash, no hang, no 500.</summary>
[Collection(CatalogCollection.Name)]
public sealed class QuestionFuzzTests(CatalogPlatform platform)
{
    private const int Cases = 10_000;
    private const int Requests = 400;

    private static readonly string[] Fragments =
    [
        "kind", "metadata.name", "metadata.labels.a", "spec.type", "relations.ownedby", "relations", "component", "a", "A", "=", "==", ",", ",,", "!", " ", "\t", "\0", "é", "😀", "İ", "ß", "\uFEFF", "\u2028", "%", "%25", "_",
        "*", "\\", "'", "\"", "[", "]", "[0]", "{", "}", "(", ")", ":", "/", "//", ".", "..", "-1", "0", "1", "2147483648", "99999999999999999999", "1e999", "NaN", "null", "true", "asc", "desc", "$all", "$any", "$not", "$in", "$exists",
        "$hasPrefix", "$contains", "component:default/a", "resource:", ":default/a", "both", "dependents", "dependsOn", "ownerOf", "software-catalog", "techdocs", "filters[kind]", "facets[]", "eyJ", "MQ==", "&amp;", "<b>", "'; drop table catalog.entities; --", "&&", "|", ":*",
    ];

    private static readonly string[] Names = ["a", "b", "c"];

    private static readonly string[] MemberNames =
    [
        "$all", "$any", "$not", "$in", "$exists", "$hasPrefix", "$contains", "query", "cursor", "limit", "fields", "facets", "entityRefs", "orderBy", "field", "order", "fullTextFilter", "term", "items", "conditions", "rule", "params", "type", "target",
        "entity", "location", "kind", "metadata", "relations",
    ];

    private static readonly Gen<string> Text = Gen.OneOf(
        Gen.Int[0, Fragments.Length - 1].Array[0, 12].Select(parts => string.Concat(parts.Select(i => Fragments[i]))), Gen.String[0, 40].Select(WithoutHalves));

    private static readonly EntityIndex Index = MakeIndex();

    [Fact]
    public void Filters() => Text.Array[0, 4].Sample(texts => Judge(() => FilterParser.Parse(texts) is { } filter ? Find(filter) : 0), iter: Cases);

    [Fact]
    public void Predicates() => Json(4).Sample(
        json =>
        {
            using var document = JsonDocument.Parse(json?.ToJsonString() ?? "null");
            Judge(() => Find(FilterParser.ParsePredicate(document.RootElement)));
        }, iter: Cases);

    [Fact]
    public void Cursors()
    {
        var valid = Gen.Select(Text, Text, Text, Gen.Bool, Gen.Bool).Select((key, value, order, descending, previous) => new EntityCursor(
            new EntityQuery(new EntityFilter.In(key.ToLowerInvariant(), [value.ToLowerInvariant()]), order.Length == 0 ? null : order, descending, value, [key]),
            new SortPosition(value, key), new SortPosition(null, key), previous, 7).ToString());
        var mutated = Gen.Select(valid, Gen.Int[0, 400], Gen.Char['0', 'z']).Select((cursor, at, c) => string.Concat(cursor.AsSpan(0, Math.Min(at, cursor.Length)), c.ToString(), cursor.AsSpan(Math.Min(at + 1, cursor.Length))));
        var made = Json(3).Select(json => Convert.ToBase64String(Encoding.UTF8.GetBytes(json?.ToJsonString() ?? "null")));
        Gen.OneOf(valid, mutated, made, Text).Sample(
            text => Judge(() => Index.Read(view => EntityPages.At(view, EntityCursor.Parse(text), null, 3).Items.Count)), iter: Cases);
    }

    [Fact]
    public void Searches() => Parameters("term", "types", "types[0]", "filters[kind]", "filters[", "filters[a][0]", "pageLimit", "pageCursor", "facets[]").Sample(
        parameters => Judge(() =>
        {
            var query = SearchQuery.Parse(parameters);
            return Index.Read(view => SearchFilters.Select(view, query.Filters, null).Length) + query.Words.Count;
        }), iter: Cases);

    [Fact]
    public void Graphs() => Parameters("ref", "depth", "relations", "direction", "limit", "fields").Sample(
        parameters => Judge(() => Index.Read(view => EntityGraph.Around(view, GraphQuery.Parse(parameters), null)?.Nodes.Count ?? 0)), iter: Cases);

    [Fact]
    public async Task Over_HTTP()
    {
        await platform.RegisterOnceAsync("fuzz/a.yaml", Yaml.All(Yaml.Component("fuzz-a", "fuzz-team"), Yaml.Group("fuzz-team")));
        string[] reads =
        [
            "catalog/entities?filter={0}&order={1}&fields={2}&limit={3}&offset={4}&after={5}", "catalog/entities/by-query?filter={0}&orderField={1}&fullTextFilterTerm={2}&fullTextFilterFields={3}&limit={4}&fields={5}",
            "catalog/entities/by-query?cursor={0}&limit={1}", "catalog/entity-facets?facet={0}&filter={1}", "catalog/graph?ref={0}&depth={1}&relations={2}&direction={3}&limit={4}", "search/query?term={0}&filters[{1}]={2}&pageCursor={3}&facets[]={4}",
            "search/query?term={0}&types[]={1}&pageLimit={2}", "catalog/entities/by-name/{0}/{1}/{2}", "catalog/entities/by-uid/{0}", "catalog/entities/by-name/component/default/fuzz-a/history?cursor={0}&limit={1}&only={2}", "catalog/locations/{0}",
            "catalog/locations/by-entity/{0}/{1}/{2}",
        ];
        await Gen.Select(Gen.Int[0, reads.Length - 1], Text.Array[6, 6]).SampleAsync(
            async (read, texts) => await AnsweredAsync(new HttpRequestMessage(HttpMethod.Get, "/api/" + string.Format(null, reads[read], [.. texts.Select(Uri.EscapeDataString)]))), iter: Requests, threads: 2);

        string[] posts = ["entities/by-query", "entities/by-refs", "entity-facets", "locations", "locations?dryRun=true", "locations/by-query", "refresh", "analyze-location", "validate-entity", ".well-known/backstage/permissions/apply-conditions"];
        await Gen.Select(Gen.Int[0, posts.Length - 1], Json(4)).SampleAsync(
            async (post, json) => await AnsweredAsync(new HttpRequestMessage(HttpMethod.Post, "/api/catalog/" + posts[post])
            {
                Content = new StringContent(json?.ToJsonString() ?? "null", Encoding.UTF8, "application/json"),
            }), iter: Requests, threads: 2);
    }

    private async Task AnsweredAsync(HttpRequestMessage request)
    {
        using (request)
        {
            using var response = await platform.Admin.SendAsync(request);
            ((int)response.StatusCode).ShouldBeLessThan(500, $"{request.Method} {request.RequestUri}: {await response.Content.ReadAsStringAsync()}");
        }
    }

    private static void Judge(Func<int> ask)
    {
        try
        {
            ask();
        }
        catch (InputException e)
        {
            e.Message.ShouldNotBeEmpty();
        }
    }

    private static int Find(EntityFilter filter)
    {
        var found = Index.Read(view => Bits.Count(view.Evaluate(filter)));
        // One by one gives the same, and so does the predicate that stands for the filter in cursors.
        Index.Read(view => Names.Count(name => view.Matches(view.Find($"component:default/{name}")!, filter))).ShouldBe(found);
        return found;
    }

    private static EntityIndex MakeIndex()
    {
        var index = new EntityIndex();
        index.Apply(
            Names.Select(name => ($"component:default/{name}", (IndexedEntity?)new IndexedEntity($"component:default/{name}", Guid.NewGuid(), name, null, Guid.Empty, Encoding.UTF8.GetBytes(
                $$$"""{"kind":"Component","metadata":{"name":"{{{name}}}","labels":{"a":"A"},"n":1,"x":null},"spec":{"type":"a","list":["a","é",{"k":true}]},"relations":[{"type":"dependsOn","targetRef":"component:default/a"}]}""")))), 1);
        return index;
    }

    private static Gen<IQueryCollection> Parameters(params string[] names) => Gen.Select(Gen.Int[0, names.Length - 1], Text).Array[0, 6].Select(pairs => (IQueryCollection)new QueryCollection(
        pairs.GroupBy(pair => names[pair.Item1]).ToDictionary(group => group.Key, group => new StringValues([.. group.Select(pair => pair.Item2)]))));

    private static Gen<JsonNode?> Json(int depth)
    {
        var leaf = Gen.OneOf(
            Text.Select(text => (JsonNode?)JsonValue.Create(text)), Gen.Double.Where(double.IsFinite).Select(number => (JsonNode?)JsonValue.Create(number)), Gen.Bool.Select(flag => (JsonNode?)JsonValue.Create(flag)),
            Gen.Const((JsonNode?)null));
        if (depth == 0)
        {
            return leaf;
        }

        var name = Gen.OneOf(Gen.Int[0, MemberNames.Length - 1].Select(i => MemberNames[i]), Text);
        var list = Json(depth - 1).Array[0, 4].Select(items => (JsonNode?)new JsonArray(items));
        var @object = Gen.Select(name, Json(depth - 1)).Array[0, 4].Select(members => (JsonNode?)new JsonObject(members.GroupBy(member => member.Item1).Select(group => KeyValuePair.Create(group.Key, group.First().Item2))));
        return Gen.OneOf(leaf, list, @object, @object, @object);
    }

    // What is no text at all is tested for itself; here it could not even be sent.
    private static string WithoutHalves(string text) => new([.. text.Where(c => !char.IsSurrogate(c))]);
}
