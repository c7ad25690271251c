using System.Text.Json.Nodes;
using BenchmarkDotNet.Attributes;
using DevPlatform.Scaffolder.Templating;

namespace DevPlatform.Benchmarks;

/// <summary>Parsing and rendering of a typical file of a skeleton, and of a step's input.</summary>
[MemoryDiagnoser]
public class TemplatingBenchmarks
{
    private const string Skeleton = """
        apiVersion: backstage.io/v1alpha1
        kind: Component
        metadata:
          name: ${{ values.component_id | lower | replace(" ", "-") }}
          description: ${{ values.description | dump }}
          annotations:
            github.com/project-slug: ${{ values.destination.owner }}/${{ values.destination.repo }}
        {%- if values.tags | length > 0 %}
          tags:
        {%- for tag in values.tags | sort %}
            - ${{ tag }}{% if loop.last %} # ${{ loop.length }} tags{% endif %}
        {%- endfor %}
        {%- endif %}
        spec:
          type: service
          lifecycle: ${{ values.lifecycle | default("experimental") }}
          owner: ${{ values.owner }}
        {%- if values.database.enabled and values.database.size in ["small", "medium"] %}
          dependsOn:
            - resource:default/${{ values.component_id }}-db
        {%- elif values.database.external %}
          dependsOn: ["${{ values.database.external }}"]
        {%- endif %}
        {%- macro port(name, number, protocol="TCP") %}
            - { name: ${{ name }}, port: ${{ number }}, protocol: ${{ protocol }} }
        {%- endmacro %}
          ports:
        {%- for name, number in values.ports %}
        ${{- port(name, number) }}
        {%- endfor %}
          replicas: ${{ values.replicas * 2 if values.environment === "production" else values.replicas }}

        """;

    private readonly Template _parsed = Template.Parse(Skeleton);
    private readonly TemplatedJson _json = new(TemplateOptions.Default);
    private readonly JsonObject _values = JsonNode.Parse("""
        { "values": {
          "component_id": "Orders API", "description": "Handles \"orders\"", "owner": "group:default/team-orders", "tags": ["rest", "java", "kafka"],
          "destination": { "owner": "acme", "repo": "orders" }, "database": { "enabled": true, "size": "small" },
          "ports": { "http": 8080, "metrics": 9090 }, "replicas": 2, "environment": "production" } }
        """)!.AsObject();

    private readonly JsonNode _input = JsonNode.Parse("""
        { "url": "./skeleton", "values": { "name": "${{ values.component_id }}", "tags": "${{ values.tags }}", "replicas": "${{ values.replicas * 2 }}",
          "title": "Add ${{ values.component_id }} for ${{ values.owner }}", "database": { "size": "${{ values.database.size }}" } } }
        """)!;

    private TemplateContext _context = null!;

    [GlobalSetup]
    public void Prepare() => _context = new TemplateContext(_values);

    [Benchmark]
    public Template Parse_a_skeleton_file() => Template.Parse(Skeleton);

    [Benchmark]
    public string Render_a_parsed_skeleton_file() => _parsed.Render(_context);

    [Benchmark]
    public string Parse_and_render_a_skeleton_file() => Template.Parse(Skeleton).Render(_values);

    [Benchmark]
    public JsonNode? Render_the_input_of_a_step() => _json.Render(_input, _context);
}
