using System.Text;
using CsCheck;
using DevPlatform.Catalog.Entities;
using DevPlatform.Catalog.Ingestion;
using DevPlatform.Catalog.Processors;
using DevPlatform.Shared.Errors;

namespace DevPlatform.Catalog.Tests.Hostile;

/// <summary>Documents nobody would write on purpose: each is an entity, or is refused with a reason. No crash, no hang.</summary>
public sealed class EntityFuzzTests
{
    private const string Valid =
        "apiVersion: backstage.io/v1alpha1\nkind: Component\nmetadata:\n  name: a\n  tags: [x, y]\n  labels: { a: b }\n  links: [{ url: 'https://x.y' }]\nspec:\n  type: service\n  lifecycle: production\n  owner: team\n  dependsOn: [\"component:b\"]\n  definition: { $text: ./x }\n";

    private static readonly YamlLimits Limits = new(MaxNodes: 5_000);

    private static readonly EntityPipeline Pipeline = new(
        [new PlaceholderProcessor(), new CodeOwnersProcessor(), new KindProcessor(), new AnnotationProcessor(), new LocationProcessor()]);

    private static readonly string[] Fragments =
    [
        "apiVersion: ", "backstage.io/v1alpha1", "scaffolder.backstage.io/v1beta3", "kind: ", "Component", "Location", "User", "Group", "Template", "metadata:", "spec:", "name: ", "owner: ",
        "targets: ", "\n", "\n  ", "\n    ", "- ", "? ", ": ", "{", "}", "[", "]", ",", "&a ", "*a", "<<: *a", "!!str ", "!!binary ", "!foo ", "| ", "> ", "'", "\"", "\\", "#", "%YAML 1.1\n",
        "---\n", "...\n", "\t", "\0", "\uFEFF", "\u2028", "é", "😀", "${{ x }}", "$text: ./x", "~", "null", "true", "0x1F", "1e999", "-.inf", ".nan", "2026-01-01", "9999999999999999999999",
        "../../../etc/passwd", "file:///etc/passwd", "http://169.254.169.254/", "component:default/a", "a:b:c", "//", ":", "/",
    ];

    [Fact]
    public async Task Ten_thousand_documents_are_entities_or_refused_with_a_reason()
    {
        var made = Gen.Int[0, Fragments.Length - 1].Array[0, 40].Select(parts => string.Concat(parts.Select(i => Fragments[i])));
        var mutated = Gen.Select(Gen.Int[0, Valid.Length - 1], Gen.Int[0, 12], Gen.Int[0, Fragments.Length - 1]).Array[1, 4].Select(edits => edits.Aggregate(
            new StringBuilder(Valid), (text, edit) => edit.Item1 + edit.Item2 <= text.Length
                ? text.Remove(edit.Item1, edit.Item2).Insert(edit.Item1, Fragments[edit.Item3]) : text.Append(Fragments[edit.Item3])).ToString());
        await Gen.OneOf(made, mutated, mutated, Gen.String[0, 80]).SampleAsync(async text =>
        {
            foreach (var document in YamlDocuments.Parse(text, Limits))
            {
                await JudgeAsync(document);
            }
        }, iter: 10_000, threads: 2);
    }

    private static async Task JudgeAsync(YamlDocument document)
    {
        if (document.Error is not null)
        {
            document.ErrorLine.ShouldBeGreaterThan(0);
            return;
        }

        var context = new ProcessingContext("url", "https://git.example.org/o/r/src/branch/main/catalog-info.yaml", "url:x", (path, _) => path.Length % 2 == 0
            ? Task.FromResult("* @o/team")
            : throw new NotFoundException(path));
        try
        {
            var problems = await Pipeline.RunAsync(document.Node, context, default);
            problems.ShouldAllBe(problem => problem.Message.Length > 0 && YamlDocuments.LinesOf(document, Limits)(problem.Path) >= document.Line);
            if (problems.Count == 0)
            {
                var entity = document.Node!.AsObject();
                var stored = EntityJson.Write(entity);
                var final = Stitcher.Stitch(new EntityParts(EntityJson.Ref(entity), Guid.Empty, stored, null), Relations.Of(entity).Select(r => (r.Type, r.Target)), null, null);
                EntityJson.Parse(Encoding.UTF8.GetString(final.Final))["kind"]!.ToString().ShouldBe(EntityJson.Kind(entity));
            }
        }
        catch (PlatformException e)
        {
            e.Message.ShouldNotBeEmpty();
        }
    }
}
