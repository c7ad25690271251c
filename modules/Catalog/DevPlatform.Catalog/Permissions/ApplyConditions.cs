using System.Text.Json;
using DevPlatform.Catalog.Contracts;
using DevPlatform.Catalog.Reads;
using DevPlatform.Catalog.Web;
using DevPlatform.Identity.Contracts.Permissions;
using DevPlatform.Shared.Errors;
using DevPlatform.Shared.Permissions;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace DevPlatform.Catalog.Permissions;

/// <summary>
/// <c>POST /.well-known/backstage/permissions/apply-conditions</c>: says for which entities conditions hold, as Backstage's plugins do for its
/// permission backend. Entities that the caller may not see are answered as those that do not exist, with <c>DENY</c>, so that every caller may ask.
/// </summary>
internal static class ApplyConditions
{
    private const int MaxItems = 1000;
    private const int MaxDepth = 20;

    public static void Map(IEndpointRouteBuilder catalog) => catalog.MapPost("/.well-known/backstage/permissions/apply-conditions", AnswerAsync)
        .RequirePermission(CatalogPermissions.EntityRead)
        .WithSummary("Says for which entities conditions hold")
        .WithDescription("Body: items [{id, resourceRef (one, or a list), resourceType (catalog-entity), conditions}]. Answers items [{id, result}]: ALLOW or DENY, a list for a list.");

    private static async Task<IResult> AnswerAsync(HttpContext context, ChangeFeed feed)
    {
        var body = await RequestBody.ReadAsync(context);
        body.AllowOnly("", "items");
        var items = Items(body);
        var unexpected = items.Select(item => item.Type).Where(type => type != CatalogPermissions.EntityResource).Distinct(StringComparer.Ordinal).ToList();
        if (unexpected.Count > 0)
        {
            throw new InputException($"Unexpected resource types: {string.Join(", ", unexpected)}.");
        }

        var visible = context.Visible();
        var index = await feed.ReadyAsync(context.RequestAborted);
        var results = index.Read(view => items.ConvertAll(item => item.Refs.Select(
            entityRef => EntityRef.TryParse(entityRef, out var parsed) && view.Find(parsed.ToString()) is { } entity && view.Matches(entity, EntityFilter.Both(item.Conditions, visible)) ? "ALLOW" : "DENY").ToList()));
        return Results.Ok(new { items = items.Zip(results, (item, result) => new { id = item.Id, result = item.IsList ? (object)result : result[0] }) });
    }

    private static List<Item> Items(JsonElement body)
    {
        if (!body.TryGetProperty("items", out var items) || items.ValueKind != JsonValueKind.Array || items.GetArrayLength() > MaxItems)
        {
            throw new InputException($"\"items\" is not valid: allowed: a list of at most {MaxItems} objects");
        }

        return [.. items.EnumerateArray().Select((item, i) =>
        {
            var path = $"items[{i}].";
            if (item.ValueKind != JsonValueKind.Object)
            {
                throw InputException.For($"items[{i}]", item.ValueKind, "an object");
            }

            item.AllowOnly(path, "id", "resourceRef", "resourceType", "conditions");
            var (id, type) = (item.Text("id", required: true)!, item.Text("resourceType", required: true)!);
            var isList = item.TryGetProperty("resourceRef", out var refs) && refs.ValueKind == JsonValueKind.Array;
            var criteria = item.TryGetProperty("conditions", out var conditions) ? conditions : throw InputException.For($"{path}conditions", null, "a rule, anyOf, allOf or not");
            return new Item(
                id, isList ? item.Texts("resourceRef")! : [item.Text("resourceRef", required: true)!], isList, type, EntityFilter.FromPermission(Criteria(criteria, $"{path}conditions", 0)));
        })];
    }

    private static PermissionCriteria Criteria(JsonElement json, string path, int depth)
    {
        if (json.ValueKind != JsonValueKind.Object || depth > MaxDepth)
        {
            throw InputException.For(path, json.ValueKind, $"an object, nested at most {MaxDepth} times");
        }

        return json.EnumerateObject().Select(member => member.Name).Order(StringComparer.Ordinal).ToList() switch
        {
            ["allOf"] => new PermissionCriteria(AllOf: All("allOf")),
            ["anyOf"] => new PermissionCriteria(AnyOf: All("anyOf")),
            ["not"] => new PermissionCriteria(Not: Criteria(json.GetProperty("not"), $"{path}.not", depth + 1)),
            _ when json.TryGetProperty("rule", out _) => new PermissionCriteria(Rule(json, path)),
            var found => throw InputException.For(path, string.Join(", ", found), "a rule, or one of anyOf, allOf, not"),
        };

        List<PermissionCriteria> All(string name) => json.GetProperty(name) is { ValueKind: JsonValueKind.Array } list && list.GetArrayLength() > 0
            ? [.. list.EnumerateArray().Select((part, i) => Criteria(part, $"{path}.{name}[{i}]", depth + 1))]
            : throw InputException.For($"{path}.{name}", json.GetProperty(name).ValueKind, "a list with at least one condition");
    }

    private static PermissionRule Rule(JsonElement json, string path)
    {
        json.AllowOnly($"{path}.", "rule", "resourceType", "params");
        var name = json.Text("rule", required: true)!;
        var rule = EntityRules.Find(name) ?? throw InputException.For($"{path}.rule", name, string.Join(", ", EntityRules.All.Select(known => known.Name)));
        var type = json.Text("resourceType", required: true)!;
        if (type != CatalogPermissions.EntityResource)
        {
            throw InputException.For($"{path}.resourceType", type, CatalogPermissions.EntityResource);
        }

        var parameters = json.TryGetProperty("params", out var found) && found.ValueKind == JsonValueKind.Object
            ? found
            : throw InputException.For($"{path}.params", null, $"an object with {rule.Required}");
        parameters.AllowOnly($"{path}.params.", [.. rule.Parameters]);
        var values = new Dictionary<string, IReadOnlyList<string>>(StringComparer.Ordinal)
        {
            [rule.Required] = rule.IsList ? parameters.Texts(rule.Required, required: true)! : [parameters.Text(rule.Required, required: true)!],
        };
        if (rule.Optional is { } optional && parameters.Text(optional) is { } value)
        {
            values[optional] = [value];
        }

        return new PermissionRule(name, type, values);
    }

    private sealed record Item(string Id, IReadOnlyList<string> Refs, bool IsList, string Type, EntityFilter Conditions);
}
