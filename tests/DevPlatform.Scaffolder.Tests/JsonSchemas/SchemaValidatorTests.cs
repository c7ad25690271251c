using System.Text.Json.Nodes;
using DevPlatform.Scaffolder.JsonSchemas;
using DevPlatform.Shared.Errors;

namespace DevPlatform.Scaffolder.Tests.JsonSchemas;

public sealed class SchemaValidatorTests
{
    [Theory]
    [InlineData("""{ "properties": { "a": { "type": "string" } } }""", """{ "a": 5 }""", "instance.a is not of a type(s) string")]
    [InlineData("""{ "properties": { "a": { "maxLength": 2, "type": "string" } } }""", """{ "a": "xyz" }""", "instance.a does not meet maximum length of 2")]
    [InlineData("""{ "properties": { "a": { "maximum": 2, "type": "number" } } }""", """{ "a": 3 }""", "instance.a must be less than or equal to 2")]
    [InlineData("""{ "properties": { "a": { "items": { "properties": { "b": { "enum": [1] } } } } } }""", """{ "a": [{ "b": 1 }, { "b": 2 }] }""", "instance.a[1].b is not one of enum values: 1")]
    [InlineData("""{ "properties": { "a": { "properties": { "b": {} }, "required": ["b"] } } }""", """{ "a": {} }""", "instance.a requires property \"b\"")]
    [InlineData("""{ "properties": { "a": {} }, "additionalProperties": false }""", """{ "b": 1 }""", "instance is not allowed to have the additional property \"b\"")]
    [InlineData("""{ "properties": { "a": { "const": "x" } } }""", """{ "a": "y" }""", "instance.a is not one of enum values: x")]
    [InlineData("""{ "properties": { "a": { "type": "array", "minItems": 1 } } }""", """{ "a": [] }""", "instance.a does not meet minimum length of 1")]
    [InlineData("""{ "if": { "properties": { "a": { "const": 1 } }, "required": ["a"] }, "then": { "required": ["b"] } }""", """{ "a": 1 }""", "instance requires property \"b\"")]
    [InlineData("""{ "if": { "required": ["a"] }, "else": { "required": ["c"] } }""", """{ }""", "instance requires property \"c\"")]
    [InlineData("""{ "dependencies": { "a": ["b"] } }""", """{ "a": 1 }""", "instance requires property \"b\"")]
    [InlineData("""{ "dependencies": { "a": { "properties": { "b": { "minimum": 5 } } } } }""", """{ "a": 1, "b": 4 }""", "instance.b must be greater than or equal to 5")]
    public async Task Says_what_is_wrong_as_backstages_validator_does(string schema, string instance, string stack) =>
        (await ValidateAsync(schema, instance)).ShouldHaveSingleItem().Stack.ShouldBe(stack);

    [Theory]
    [InlineData("""{ "if": { "required": ["a"] }, "then": { "required": ["b"] } }""", """{ }""")]
    [InlineData("""{ "dependencies": { "a": ["b"] } }""", """{ "b": 1 }""")]
    [InlineData("""{ "properties": { "a": { "type": "string", "ui:field": "OwnerPicker", "ui:options": { "catalogFilter": { "kind": "Group" } } } } }""", """{ "a": "x", "more": 1 }""")]
    [InlineData("""{ "properties": { "a": { "$ref": "#/definitions/n" } }, "definitions": { "n": { "type": "number" } } }""", """{ "a": 1 }""")]
    public async Task Accepts_what_is_valid(string schema, string instance) => (await ValidateAsync(schema, instance)).ShouldBeEmpty();

    [Fact]
    public async Task Reads_no_schema_from_elsewhere() =>
        (await Should.ThrowAsync<InputException>(() => ValidateAsync("""{ "properties": { "a": { "$ref": "http://169.254.169.254/" } } }""", "{}")))
            .Message.ShouldContain("$ref");

    [Fact]
    public async Task One_schema_serves_many_at_the_same_time()
    {
        var schema = (JsonObject)JsonNode.Parse("""
            { "properties": { "a": { "$ref": "#/definitions/n" }, "b": { "anyOf": [{ "type": "string" }, { "items": { "$ref": "#/definitions/n" } }] } },
              "definitions": { "n": { "type": "number", "maximum": 9 } }, "required": ["a"], "additionalProperties": false }
            """)!;

        var found = await Task.WhenAll(Enumerable.Range(0, 2000).Select(i => Task.Run(async () => (await SchemaValidator.ValidateAsync(
            schema, new JsonObject { ["a"] = i % 20, ["b"] = new JsonArray(i % 20) }, "values", CancellationToken.None)).Count)));

        found.Select((errors, i) => (errors > 0) == (i % 20 > 9)).ShouldAllBe(right => right);
    }

    private static Task<IReadOnlyList<ValidationError>> ValidateAsync(string schema, string instance) =>
        SchemaValidator.ValidateAsync((JsonObject)JsonNode.Parse(schema)!, (JsonObject)JsonNode.Parse(instance)!, "values", CancellationToken.None);
}
