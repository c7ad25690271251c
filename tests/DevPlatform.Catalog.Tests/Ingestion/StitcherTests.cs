using System.Text;
using System.Text.Json.Nodes;
using DevPlatform.Catalog.Entities;
using DevPlatform.Catalog.History;
using DevPlatform.Catalog.Ingestion;

namespace DevPlatform.Catalog.Tests.Ingestion;

public sealed class StitcherTests
{
    private const string Blank = "0000000000000000000000000000000000000000";

    [Fact]
    public void The_etag_stands_in_metadata_whatever_an_author_writes_elsewhere()
    {
        // Before metadata, after it, and within it: none of these is the entity's etag.
        var document = $$$"""
            {"note":{"etag":"{{{Blank}}}"},"apiVersion":"example.com/v1","kind":"Thing",
            "metadata":{"name":"a","namespace":"default","etag":"{{{Blank}}}","annotations":{"etag":"{{{Blank}}}"}},"spec":{"etag":"{{{Blank}}}"}}
            """;

        var served = Parse(Stitch(document));

        served["note"]!["etag"]!.ToString().ShouldBe(Blank);
        served["metadata"]!["annotations"]!["etag"]!.ToString().ShouldBe(Blank);
        served["spec"]!["etag"]!.ToString().ShouldBe(Blank);
        served["metadata"]!["etag"]!.ToString().ShouldMatch("^[0-9a-f]{40}$");
        served["metadata"]!["etag"]!.ToString().ShouldNotBe(Blank);
    }

    [Fact]
    public void The_etag_follows_everything_else_and_nothing_else()
    {
        const string Document = """{"kind":"Component","metadata":{"name":"é \"quoted\" ✓","namespace":"default"},"spec":{"owner":"team","none":null}}""";

        var first = Stitch(Document);

        Stitch(Document).Final.ShouldBe(first.Final);
        Stitch(Document.Replace("team", "crew", StringComparison.Ordinal)).Etag.ShouldNotBe(first.Etag);
        Stitch(Document, ("ownedBy", "group:default/team")).Etag.ShouldNotBe(first.Etag);
        Parse(first)["metadata"]!["etag"]!.ToString().ShouldBe(first.Etag);
        Parse(first)["metadata"]!["name"]!.ToString().ShouldBe("é \"quoted\" ✓");
        Parse(first)["spec"]!.AsObject().ContainsKey("none").ShouldBeTrue();
    }

    [Fact]
    public void History_learns_file_and_owner_as_the_served_entity_has_them()
    {
        var document = $$$"""{"kind":"Component","metadata":{"name":"a","annotations":{"{{{EntityJson.ManagedByLocation}}}":"url:https://example.com/a.yaml"}},"spec":{}}""";

        var stitched = Stitch(document, ("partOf", "system:default/s"), ("ownedBy", "group:default/team"));

        stitched.Facts.ShouldBe(EntityFacts.Of(stitched.Final));
        stitched.Facts.ShouldBe(new EntityFacts("url:https://example.com/a.yaml", "group:default/team"));
    }

    private static StitchedEntity Stitch(string document, params (string, string)[] relations) =>
        Stitcher.Stitch(new EntityParts("thing:default/a", Guid.Empty, document, null), relations, null, null);

    private static JsonObject Parse(StitchedEntity stitched) => EntityJson.Parse(Encoding.UTF8.GetString(stitched.Final));
}
