using System.Text.Json;
using System.Text.Json.Nodes;
using DevPlatform.Scaffolder.Templating;

namespace DevPlatform.Scaffolder.Tests.Templating;

/// <summary>One case of <c>corpus/golden.json</c>.</summary>
internal sealed record GoldenCase(string Template, string Context, TemplateOptions Options, JsonObject Expected);

/// <summary>What Backstage's engine makes of the corpus; see its README.</summary>
internal static class GoldenCorpus
{
    private static readonly Lazy<JsonNode> Document = new(() => JsonNode.Parse(File.ReadAllText(
        Path.Combine(AppContext.BaseDirectory, "Templating", "corpus", "golden.json")))!);

    public static IReadOnlyList<GoldenCase> Cases { get; } = [.. Document.Value["cases"]!.AsArray().Select(Read)];

    /// <summary>The cases of a random grammar.</summary>
    public static IEnumerable<GoldenCase> Generated => Cases.Skip(Document.Value["generated"]![0]!.GetValue<int>()).Take(Document.Value["generated"]![1]!.GetValue<int>());

    public static IReadOnlyDictionary<string, TemplateContext> Contexts { get; } =
        Document.Value["contexts"]!.AsObject().ToDictionary(entry => entry.Key, entry => new TemplateContext(entry.Value!.AsObject()));

    private static GoldenCase Read(JsonNode? entry)
    {
        var options = entry![2]!.AsObject();
        return new GoldenCase(
            entry[0]!.GetValue<string>(),
            entry[1]!.GetValue<string>(),
            new TemplateOptions
            {
                CookiecutterCompat = Flag("cookiecutterCompat"),
                TrimBlocks = Flag("trimBlocks"),
                LstripBlocks = Flag("lstripBlocks"),
            },
            entry[3]!.AsObject());

        bool Flag(string name) => options[name]?.GetValueKind() is JsonValueKind.True;
    }
}
