using System.Text;
using BenchmarkDotNet.Attributes;
using DevPlatform.Catalog.Ingestion;
using DevPlatform.Catalog.Reads;
using DevPlatform.Catalog.Web;
using Microsoft.AspNetCore.Http;

namespace DevPlatform.Benchmarks;

/// <summary>The catalog's inner loops: reading filters, running queries over 10,000 entities, writing entities, and making one from its parts.</summary>
[MemoryDiagnoser]
public class CatalogBenchmarks
{
    private const int Entities = 10_000;
    private const int Refs = 50;
    private const string Filter = "kind=component,spec.type=service,spec.type=website,metadata.tags=java";
    private static readonly string[] Types = ["service", "website", "library"];

    private readonly EntityIndex _index = new();
    private readonly string[] _refs = [.. Enumerable.Range(0, Refs).Select(i => $"component:default/component-{i * 197 % Entities:00000}")];
    private readonly EntityFilter _visible = new EntityFilter.In("relations.ownedby", ["group:default/team-01", "group:default/team-02"]);
    private readonly EntityQuery _page = new(FilterParser.Parse([Filter])!, "metadata.name", false, null, []);
    private readonly EntityParts _parts = new("component:default/component-00001", Guid.NewGuid(), Document(1), null);

    private readonly (string Type, string Target)[] _relations =
        [("ownedBy", "group:default/team-01"), ("partOf", "system:default/shop"), .. Enumerable.Range(0, 8).Select(i => ("dependsOn", $"component:default/component-{i:00000}"))];

    [GlobalSetup]
    public void Prepare() => _index.Apply(
        [.. Enumerable.Range(0, Entities).Select(i => ($"component:default/component-{i:00000}", (IndexedEntity?)Entity(i)))], 1);

    [GlobalCleanup]
    public void CleanUp() => _index.Dispose();

    [Benchmark]
    public object? Parse_a_filter() => FilterParser.Parse([Filter]);

    [Benchmark]
    public object Run_a_filtered_page() => _index.Read(view => EntityPages.First(view, _page, null, 40, 20, count: true));

    [Benchmark]
    public object Run_a_filtered_page_of_what_the_caller_owns() => _index.Read(view => EntityPages.First(view, _page, _visible, 0, 20, count: true));

    [Benchmark]
    public int Find_50_refs() => Find(null).Length;

    [Benchmark]
    public int Find_50_refs_of_what_the_caller_owns() => Find(_visible).Length;

    [Benchmark]
    public Task Find_and_write_50_refs()
    {
        var context = new DefaultHttpContext { Response = { Body = Stream.Null } };
        return context.WriteEntitiesAsync("{\"items\":", Find(null), null, "}");
    }

    [Benchmark]
    public object Stitch_an_entity() => Stitcher.Stitch(_parts, _relations, missingOwner: null, claim: null);

    private IndexedEntity?[] Find(EntityFilter? visible) =>
        _index.Read(view => Array.ConvertAll(_refs, entityRef => view.Find(entityRef) is { } entity && view.Matches(entity, visible) ? entity : null));

    private static IndexedEntity Entity(int i)
    {
        var relations = $$""","relations":[{"type":"ownedBy","targetRef":"group:default/team-{{i % 40:00}}"},{"type":"partOf","targetRef":"system:default/shop"}]}""";
        return new IndexedEntity(
            $"component:default/component-{i:00000}", Guid.NewGuid(), $"{i:x40}", null, Guid.Empty, Encoding.UTF8.GetBytes(Document(i)[..^1] + relations));
    }

    private static string Document(int i) =>
        $$$"""
        {"apiVersion":"backstage.io/v1alpha1","kind":"Component","metadata":{"name":"component-{{{i:00000}}}","namespace":"default","title":"Component {{{i}}}",
        "description":"Takes orders and hands them on; one of many, with about as much text as such entities have in a catalog that people keep up.",
        "annotations":{"backstage.io/managed-by-location":"url:https://git.example.org/acme/component-{{{i}}}/catalog-info.yaml","github.com/project-slug":"acme/component-{{{i}}}"},
        "labels":{"tier":"{{{i % 3}}}"},"tags":["{{{(i % 2 == 0 ? "java" : "go")}}}","rest"]},
        "spec":{"type":"{{{Types[i % Types.Length]}}}","lifecycle":"production","owner":"team-{{{i % 40:00}}}","system":"shop","dependsOn":["component:default/component-{{{i / 2:00000}}}"]}}
        """;
}
