using System.Text;
using System.Text.Json;
using DevPlatform.Catalog.Reads;
using DevPlatform.Identity.Contracts.Permissions;

namespace DevPlatform.Catalog.Tests.Reads;

public sealed class EntityIndexTests
{
    private readonly EntityIndex _index = new();

    public EntityIndexTests() => _index.Apply(
        [Entity("a", "service", "group:default/x", "Gold"), Entity("b", "service", "group:default/y", "gold"), Entity("c", "library", "group:default/x", null)], 1);

    [Theory]
    [InlineData("kind=component", "abc")]
    [InlineData("spec.type=SERVICE", "ab")]
    [InlineData("spec.type=service,metadata.name=b", "b")]
    [InlineData("metadata.name=a,metadata.name=c", "ac")]
    [InlineData("metadata.labels.tier", "ab")]
    [InlineData("metadata.labels.tier=gold", "ab")]
    [InlineData("relations.ownedBy=group:default/x", "ac")]
    [InlineData("nothing", "")]
    [InlineData(",", "abc")]
    public void Finds_by_filter(string filter, string expected) => Names(FilterParser.Parse([filter])!).ShouldBe(expected);

    [Theory]
    [InlineData("""{"$not":{"spec.type":"service"}}""", "c")]
    [InlineData("""{"$any":[{"metadata.name":"a"},{"metadata.name":{"$in":["c"]}}]}""", "ac")]
    [InlineData("""{"$any":[]}""", "")]
    [InlineData("""{"$all":[]}""", "abc")]
    [InlineData("""{"metadata.labels.tier":{"$exists":false}}""", "c")]
    [InlineData("""{"spec.type":{"$hasPrefix":"LIB"}}""", "c")]
    [InlineData("""{"relations":{"$contains":{"type":"ownedBy","targetRef":{"$in":["group:default/y"]}}}}""", "b")]
    public void Finds_by_predicate(string predicate, string expected)
    {
        using var document = JsonDocument.Parse(predicate);
        var filter = FilterParser.ParsePredicate(document.RootElement);
        Names(filter).ShouldBe(expected);
        // Cursors carry filters as predicates: they must mean the same.
        using var again = JsonDocument.Parse(filter.ToPredicate().ToJsonString());
        Names(FilterParser.ParsePredicate(again.RootElement)).ShouldBe(expected);
    }

    [Fact]
    public void Conditions_of_permissions_filter_and_unknown_rules_hide_everything()
    {
        var owner = new PermissionRule("IS_ENTITY_OWNER", "catalog-entity", new Dictionary<string, IReadOnlyList<string>> { ["claims"] = ["group:default/x"] });
        Names(EntityFilter.FromPermission(new PermissionCriteria(owner))).ShouldBe("ac");
        Names(EntityFilter.FromPermission(new PermissionCriteria(Not: new PermissionCriteria(owner)))).ShouldBe("b");
        var unknown = new PermissionCriteria(owner with { Name = "SOMETHING_NEW" });
        Names(EntityFilter.FromPermission(unknown)).ShouldBe("");
        Names(EntityFilter.FromPermission(new PermissionCriteria(Not: unknown))).ShouldBe("");
        Names(EntityFilter.FromPermission(new PermissionCriteria(AnyOf: [new PermissionCriteria(owner), unknown]))).ShouldBe("");
    }

    [Fact]
    public void Forgets_what_changed_or_went()
    {
        _index.Apply([Entity("a", "library", "group:default/y", "gold"), ("component:default/b", null)], 2);
        Names(FilterParser.Parse(["spec.type=service"])!).ShouldBe("");
        Names(FilterParser.Parse(["spec.type=library"])!).ShouldBe("ac");
        _index.Read(view => view.Field("metadata.labels.tier")!.Originals.Select(o => o.Value).ToList()).ShouldBe(["gold"]);
        _index.Read(view => view.Find("component:default/b")).ShouldBeNull();
    }

    [Fact]
    public void Keeps_the_spelling_of_values_apart_in_facets_only() =>
        _index.Read(view => view.Field("METADATA.labels.tier")!.Originals.Select(o => (o.Value, o.Ids.Count)).Order().ToList()).ShouldBe([("Gold", 1), ("gold", 1)]);

    [Fact]
    public void Sets_of_any_size_hold_what_was_put_in()
    {
        var set = new IdSet();
        var expected = new HashSet<int>();
        var random = new Random(7);
        for (var i = 0; i < 20_000; i++)
        {
            var id = random.Next(3000);
            if (random.Next(3) == 0)
            {
                set.Remove(id);
                expected.Remove(id);
            }
            else
            {
                set.Add(id);
                expected.Add(id);
            }
        }

        set.Count.ShouldBe(expected.Count);
        set.Members().ShouldBe(expected.Order());
        var bits = new ulong[(3000 + 63) / 64];
        set.OrInto(bits);
        Bits.Count(bits).ShouldBe(expected.Count);
        set.CountIn(bits).ShouldBe(expected.Count);
    }

    private static (string, IndexedEntity?) Entity(string name, string type, string owner, string? tier)
    {
        var labels = tier is null ? "" : $",\"labels\":{{\"tier\":\"{tier}\"}}";
        var json = $"{{\"kind\":\"Component\",\"metadata\":{{\"name\":\"{name}\",\"namespace\":\"default\"{labels}}},\"spec\":{{\"type\":\"{type}\"}},\"relations\":[{{\"type\":\"ownedBy\",\"targetRef\":\"{owner}\"}}]}}";
        var entityRef = $"component:default/{name}";
        return (entityRef, new IndexedEntity(entityRef, Guid.NewGuid(), name, null, Guid.Empty, Encoding.UTF8.GetBytes(json)));
    }

    private string Names(EntityFilter filter) => _index.Read(view =>
        string.Concat(EntityPages.First(view, new EntityQuery(filter, null, false, null, []), null, 0, 100, true).Items.Select(e => e.Ref[^1])));
}
