using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using CsCheck;
using DevPlatform.Catalog.Reads;

namespace DevPlatform.Catalog.Tests.Reads;

/// <summary>An index that follows changes while it is read must answer as one made of the final state.</summary>
public sealed class IncrementalIndexTests
{
    private const int Names = 30;
    private static readonly string[] OrderFields = ["metadata.title", "metadata.tags", "metadata.name", "spec.never"];
    private static readonly string[] TextFields = ["metadata.title", "metadata.tags", "metadata.name"];
    private static readonly string[] Terms = ["pay", "Payment", "a", "ay", "pay-", "-", "payment api", "t a", "7", "1", "ent\na", "zzz", "é", "entity"];
    private static readonly string[] Words = ["Payment", "payment", "api", "PAY-roll", "a", "é", "pay\nment", "\U0001F600x", " ", ""];

    private static readonly Gen<string> Word = Gen.Int[0, Words.Length - 1].Select(i => Words[i]);

    // The number makes most titles ones of their own, so that words come and go.
    private static readonly Gen<string?> Title = Gen.Select(Word.Array[0, 3], Gen.Int[-1000, 5000]).Select(
        (words, number) => number < 0 ? null : $"{string.Join(' ', words)} {number.ToString(CultureInfo.InvariantCulture)}");

    private static readonly Gen<Change> AnyChange = Gen.Select(Gen.Int[0, Names - 1], Gen.Int[0, 4], Title, Word.Array[0, 3]).Select(
        (name, kind, title, tags) => new Change($"component:default/entity-{name}", kind == 0 ? null : EntityOf(name, title, tags)));

    [Fact]
    public void A_few_changes_between_reads_end_in_the_same_answers() => AnyChange.Array[0, 5].Array[0, 8].Sample(Check, iter: 500);

    [Fact]
    public void Thousands_of_changes_end_in_the_same_answers() => AnyChange.Array[4000, 4000].Select(all => all.Chunk(100).ToArray()).Sample(Check, iter: 3);

    private static void Check(Change[][] batches)
    {
        using var followed = new EntityIndex();
        var state = new Dictionary<string, IndexedEntity>(StringComparer.Ordinal);
        Answers(followed);
        foreach (var (batch, version) in batches.Select((batch, i) => (batch, i + 1)))
        {
            followed.Apply(batch.Select(change => (change.Ref, change.Entity)), version);
            foreach (var change in batch)
            {
                state.Remove(change.Ref);
                if (change.Entity is not null)
                {
                    state[change.Ref] = change.Entity;
                }
            }

            using var fresh = new EntityIndex();
            fresh.Apply(state.Values.Select(entity => (entity.Ref, (IndexedEntity?)entity)), version);
            Answers(followed).ShouldBe(Answers(fresh));
        }
    }

    private static List<string> Answers(EntityIndex index)
    {
        var answers = new List<string>();
        foreach (var field in OrderFields.Append(null))
        {
            answers.Add($"{field}: {Pages(index, new EntityQuery(EntityFilter.Everything, field, false, null, []))}");
            answers.Add($"{field} descending: {Pages(index, new EntityQuery(EntityFilter.Everything, field, true, null, []))}");
        }

        foreach (var term in Terms)
        {
            var found = index.Read(view => EntityPages.First(view, new EntityQuery(EntityFilter.Everything, null, false, term, TextFields), null, 0, Names, true));
            answers.Add($"{term}: {found.TotalItems} {string.Join(',', found.Items.Select(entity => entity.Ref))}");
            found.Items.Select(entity => entity.Ref).ShouldBe(Scan(index, term));
        }

        return answers;
    }

    // All pages forward by cursor: positions are found as well as orders.
    private static string Pages(EntityIndex index, EntityQuery query)
    {
        var text = new StringBuilder();
        var page = index.Read(view => EntityPages.First(view, query, null, 0, 7, true));
        while (true)
        {
            text.AppendJoin(',', page.Items.Select(entity => entity.Ref)).Append(CultureInfo.InvariantCulture, $" of {page.TotalItems};");
            if (page.Next is not { } next)
            {
                return text.ToString();
            }

            page = index.Read(view => EntityPages.At(view, next, null, 7));
        }
    }

    // What full text means, done the slow way.
    private static IEnumerable<string> Scan(EntityIndex index, string term) =>
        index.Read(view => EntityPages.First(view, new EntityQuery(EntityFilter.Everything, null, false, null, []), null, 0, Names, false)).Items
            .Where(entity => SearchFields.Of(entity.Json).Any(field =>
                TextFields.Contains(field.Key) && field.Value?.ToLowerInvariant().Contains(term.ToLowerInvariant(), StringComparison.Ordinal) == true))
            .Select(entity => entity.Ref);

    private static IndexedEntity EntityOf(int name, string? title, string[] tags)
    {
        var json = new JsonObject
        {
            ["kind"] = "Component",
            ["metadata"] = new JsonObject
            {
                ["name"] = $"entity-{name}",
                ["title"] = title,
                ["tags"] = new JsonArray([.. tags.Select(tag => tag.Length == 0 ? null : (JsonNode)tag)]),
            },
        };
        return new IndexedEntity($"component:default/entity-{name}", Guid.NewGuid(), "etag", null, Guid.Empty, Encoding.UTF8.GetBytes(json.ToJsonString()));
    }

    private sealed record Change(string Ref, IndexedEntity? Entity);
}
