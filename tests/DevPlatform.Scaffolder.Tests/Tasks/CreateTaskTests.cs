using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using DevPlatform.Scaffolder.Tests.Support;

namespace DevPlatform.Scaffolder.Tests.Tasks;

[Collection(ScaffolderCollection.Name)]
public sealed class CreateTaskTests(ScaffolderFixture fixture)
{
    private readonly HttpClient _client = fixture.Host.Client();

    [Fact]
    public async Task Names_every_bad_value_by_path_in_backstages_shape()
    {
        var template = fixture.Platform.AddTemplate(
            """
            metadata: { name: bad-values }
            spec:
              type: service
              parameters:
                - required: [name]
                  properties:
                    name: { title: Name, type: string, pattern: "^[a-z]+$" }
                    count: { type: integer, minimum: 1 }
                - properties:
                    flavour: { type: string, enum: [vanilla, mint] }
              steps: [{ action: "debug:log", input: { message: x } }]
            """);

        using var answer = await _client.PostTaskAsync(template, new { name = "BAD NAME", count = 0, flavour = "nope" });

        answer.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        var body = (await answer.Content.ReadFromJsonAsync<JsonObject>())!;
        body.Select(p => p.Key).ShouldBe(["errors"]);
        var errors = body["errors"]!.AsArray().OfType<JsonObject>().ToList();
        errors.Select(e => $"{e["property"]} {e["name"]} {e["argument"]?.ToJsonString()} {e["instance"]?.ToJsonString()}").ShouldBe(
        [
            "instance.name pattern \"^[a-z]\\u002B$\" \"BAD NAME\"",
            "instance.count minimum 1 0",
            "instance.flavour enum [\"vanilla\",\"mint\"] \"nope\"",
        ]);
        errors[0]["schema"]!.ToJsonString().ShouldBe("""{"title":"Name","type":"string","pattern":"^[a-z]\u002B$"}""");
        errors[0]["path"]!.ToJsonString().ShouldBe("[\"name\"]");
        errors[1]["message"]!.ToString().ShouldBe("must be greater than or equal to 1");
        errors[1]["stack"]!.ToString().ShouldBe("instance.count must be greater than or equal to 1");
        errors[0]["field"]!.ToString().ShouldBe("values.name");
        errors[0]["found"]!.ToString().ShouldBe("BAD NAME");
        errors[0]["allowed"]!.ToString().ShouldBe("what matches ^[a-z]+$");
    }

    [Fact]
    public async Task Says_which_required_value_is_missing()
    {
        var template = fixture.Platform.AddTemplate(
            """
            metadata: { name: required-value }
            spec: { type: service, parameters: { required: [name], properties: { name: { type: string } } }, steps: [] }
            """);

        var error = await FirstErrorAsync(template, new { });

        error["property"]!.ToString().ShouldBe("instance");
        error["argument"]!.ToString().ShouldBe("name");
        error["message"]!.ToString().ShouldBe("requires property \"name\"");
        error["field"]!.ToString().ShouldBe("values.name");
    }

    [Theory]
    [InlineData("Orders_DB", "development", "values.name", "Orders_DB", "a name that matches")]
    [InlineData("x", "development", "values.name", "x", "3 to 40 characters")]
    [InlineData("postgres", "development", "values.name", "postgres", "not reserved")]
    [InlineData("orders", "testing", "values.environment", "testing", "development, staging, production")]
    public async Task Names_field_found_and_allowed_when_a_guardrail_is_broken(string name, string environment, string field, string found, string allowed)
    {
        var template = fixture.Platform.AddTemplate(SampleTemplates.Database("guarded"));

        var error = await FirstErrorAsync(template, new { name, environment, owner = "team-orders" });

        error["field"]!.ToString().ShouldBe(field);
        error["found"]!.ToString().ShouldBe(found);
        error["allowed"]!.ToString().ShouldContain(allowed);
        (await fixture.Host.Client().GetStringAsync("/api/scaffolder/v2/tasks?limit=1000")).ShouldNotContain($"\"name\":\"{name}\",\"environment\":\"{environment}\"");
    }

    [Fact]
    public async Task Refuses_what_an_environment_does_not_allow()
    {
        var template = fixture.Platform.AddTemplate(SampleTemplates.Database("tiers"));

        using var answer = await _client.PostTaskAsync(
            template, new { name = "orders", environment = "dev", owner = "team-orders", size = "large", replicas = 3, storage = "1Ti" });

        var errors = (await answer.Content.ReadFromJsonAsync<JsonObject>())!["errors"]!.AsArray();
        errors.Select(e => e!["field"]!.ToString()).ShouldBe(["values.size", "values.replicas", "values.storage"]);
    }

    [Fact]
    public async Task Refuses_a_name_that_the_catalog_has()
    {
        var template = fixture.Platform.AddTemplate(SampleTemplates.Database("existing"));
        fixture.Platform.Entities["resource:default/here-already"] = new JsonObject();

        using var answer = await _client.PostTaskAsync(template, new { name = "here-already", environment = "staging", owner = "team-orders" });

        answer.StatusCode.ShouldBe(HttpStatusCode.Conflict);
        (await answer.Content.ReadAsStringAsync()).ShouldContain("resource:default/here-already exists");
    }

    [Theory]
    [InlineData("""{ "values": {} }""", HttpStatusCode.BadRequest, "templateRef")]
    [InlineData("""{ "templateRef": "template:default/bad-values" }""", HttpStatusCode.BadRequest, "values")]
    [InlineData("""{ "templateRef": "template:default/unknown", "values": {} }""", HttpStatusCode.NotFound, "template:default/unknown")]
    [InlineData("""{ "templateRef": "component:default/no-template", "values": {} }""", HttpStatusCode.BadRequest, "scaffolder.backstage.io/v1beta3")]
    [InlineData("""{ "templateRef": "template:default/unknown", "values": {}, "secrets": { "a": 1 } }""", HttpStatusCode.BadRequest, "secrets.a")]
    public async Task Refuses_a_request_that_is_not_one(string body, HttpStatusCode status, string named)
    {
        fixture.Platform.Entities["component:default/no-template"] = new JsonObject { ["apiVersion"] = "backstage.io/v1alpha1", ["kind"] = "Component" };

        using var answer = await _client.PostAsync("/api/scaffolder/v2/tasks", new StringContent(body, null, "application/json"));

        answer.StatusCode.ShouldBe(status);
        (await answer.Content.ReadAsStringAsync()).ShouldContain(named);
    }

    [Fact]
    public async Task Refuses_a_template_whose_tags_the_caller_lacks()
    {
        var template = fixture.Platform.AddTemplate(
            """
            metadata: { name: admins-only }
            spec: { type: service, "backstage:permissions": { tags: [admins] }, steps: [{ action: "debug:log", input: {} }] }
            """);

        (await _client.PostTaskAsync(template, new { })).StatusCode.ShouldBe(HttpStatusCode.Forbidden);
        (await fixture.Host.Client("admin").PostTaskAsync(template, new { })).StatusCode.ShouldBe(HttpStatusCode.Created);
    }

    [Fact]
    public async Task Hides_pages_properties_and_steps_that_the_caller_lacks_tags_for()
    {
        var template = fixture.Platform.AddTemplate(
            """
            metadata: { name: partly-hidden }
            spec:
              type: service
              parameters:
                - required: [size]
                  properties:
                    name: { type: string }
                    size: { type: string, "backstage:permissions": { tags: [admins] } }
                - { title: Admins, "backstage:permissions": { tags: [admins] }, properties: { x: { type: string } } }
              steps:
                - { id: all, action: "debug:log", input: { message: all } }
                - { id: admins, action: "debug:log", "backstage:permissions": { tags: [admins] }, input: { message: admins } }
            """);

        var schema = await _client.GetFromJsonAsync<JsonObject>("/api/scaffolder/v2/templates/default/template/partly-hidden/parameter-schema");
        schema!["steps"]!.ToJsonString().ShouldBe(
            """[{"title":"Please enter the following information","schema":{"required":[],"properties":{"name":{"type":"string"}}}}]""");
        var task = await _client.GetTaskAsync(await _client.CreateTaskAsync(template, new { }));
        task["spec"]!["steps"]!.AsArray().Select(s => s!["id"]!.ToString()).ShouldBe(["all"]);
    }

    [Fact]
    public async Task Runs_no_retired_template_and_warns_of_a_deprecated_one()
    {
        const string Yaml = "metadata: { name: NAME, annotations: { devplatform.io/lifecycle: NAME, devplatform.io/replaced-by: template:default/new } }\nspec: { type: service, steps: [] }";
        var retired = fixture.Platform.AddTemplate(Yaml.Replace("NAME", "retired", StringComparison.Ordinal));
        var deprecated = fixture.Platform.AddTemplate(Yaml.Replace("NAME", "deprecated", StringComparison.Ordinal));

        using var refused = await _client.PostTaskAsync(retired, new { });
        refused.StatusCode.ShouldBe(HttpStatusCode.Conflict);
        (await refused.Content.ReadAsStringAsync()).ShouldContain("use template:default/new");
        var id = await _client.CreateTaskAsync(deprecated, new { });
        await _client.WaitForEndAsync(id);
        (await _client.GetMessagesAsync(id))[0].ShouldBe("template:default/deprecated is deprecated; use template:default/new");
    }

    private async Task<JsonObject> FirstErrorAsync(string template, object values)
    {
        using var answer = await _client.PostTaskAsync(template, values);
        answer.StatusCode.ShouldBe(HttpStatusCode.BadRequest, await answer.Content.ReadAsStringAsync());
        return (JsonObject)(await answer.Content.ReadFromJsonAsync<JsonObject>())!["errors"]![0]!;
    }
}
