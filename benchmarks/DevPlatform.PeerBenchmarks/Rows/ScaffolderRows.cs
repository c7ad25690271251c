using System.Text;
using System.Text.Json.Nodes;
using DevPlatform.PeerBenchmarks.Load;

namespace DevPlatform.PeerBenchmarks.Rows;

/// <summary>The template engine as the template editor uses it: a dry run that renders a skeleton.</summary>
internal static class ScaffolderRows
{
    private const int Distinct = 1000;
    private const int Files = 60;

    private const string File = """
        # ${{ values.name }}, file INDEX
        owner: ${{ values.owner }}
        replicas: ${{ values.replicas * 2 }}
        {%- if values.public %}
        ingress: ${{ values.name | replace("-", ".") }}.example.org
        {%- endif %}
        tags:
        {%- for tag in values.tags %}
          - ${{ tag | upper }}
        {%- endfor %}
        description: |
          A file as skeletons have them: mostly text that stays as it is, with a few places to fill in. ${{ values.name }} is one of them.

        """;

    /// <summary><c>fetch:template</c> of a skeleton of 60 files; values differ from request to request.</summary>
    public static RequestRow DryRun() => new("template dry-run, 60 files", 10, [.. Enumerable.Range(0, Distinct).Select(Request)], DependsOnEntities: false);

    private static LoadRequest Request(int number) => new("POST", "/api/scaffolder/v2/dry-run", new JsonObject
    {
        ["template"] = new JsonObject
        {
            ["apiVersion"] = "scaffolder.backstage.io/v1beta3",
            ["kind"] = "Template",
            ["metadata"] = new JsonObject { ["name"] = "benchmark" },
            ["spec"] = new JsonObject
            {
                ["type"] = "service",
                ["parameters"] = new JsonArray(),
                ["steps"] = new JsonArray(new JsonObject
                {
                    ["id"] = "fetch",
                    ["name"] = "Fetch",
                    ["action"] = "fetch:template",
                    ["input"] = new JsonObject
                    {
                        ["url"] = "./skeleton",
                        ["values"] = new JsonObject
                        {
                            ["name"] = $"service-{number:0000}",
                            ["owner"] = "group:default/team-001",
                            ["replicas"] = number % 5,
                            ["public"] = number % 2 == 0,
                            ["tags"] = new JsonArray("java", "rest", $"batch-{number % 7}"),
                        },
                    },
                }),
            },
        },
        ["values"] = new JsonObject(),
        ["directoryContents"] = new JsonArray([.. Enumerable.Range(0, Files).Select(SkeletonFile)]),
    }.ToJsonString());

    private static JsonNode SkeletonFile(int i) => new JsonObject
    {
        ["path"] = $"skeleton/src/part-{i % 6}/file-{i:00}.yaml",
        ["base64Content"] = Convert.ToBase64String(Encoding.UTF8.GetBytes(File.Replace("INDEX", $"{i}", StringComparison.Ordinal))),
    };
}
