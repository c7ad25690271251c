using System.Text.Json.Nodes;

namespace DevPlatform.TopologyTests.Templates;

/// <summary>One run of a shipped template, and what must come of it.</summary>
/// <param name="Name">What tests and other cases call it.</param>
/// <param name="Template">The template.</param>
/// <param name="Values">Its parameters.</param>
internal sealed record TemplateCase(string Name, string Template, JsonObject Values)
{
    /// <summary>Cases that must have ended before, since this one works on what they made.</summary>
    public string[] After { get; init; } = [];

    /// <summary>The accounts whose approval the run needs, no more and no fewer.</summary>
    public string[] Approvers { get; init; } = [];

    /// <summary>Files of the commit in the GitOps repository (or in <see cref="Repository"/>).</summary>
    public string[] Files { get; init; } = [];

    /// <summary>Where the commit is.</summary>
    public string Repository { get; init; } = "platform/gitops";

    /// <summary>Whether the commit goes by a pull request that somebody merges.</summary>
    public bool ByPullRequest { get; init; }

    /// <summary>Name of the repository that an application template publishes, below <c>services/</c>.</summary>
    public string? Published { get; init; }

    public override string ToString() => Name;
}

/// <summary>Every shipped template, once or more.</summary>
internal static class TemplateCases
{
    private const string Owner = "group:default/team-orders";
    private const string Claims = "claims/team-orders/";
    private static readonly string[] ClaimFiles = ["README.md", "catalog-info.yaml", "claim.yaml", "external-secret.yaml"];
    private static readonly string[] Languages = ["dotnet-service", "go-service", "java-service", "nodejs-service", "python-service", "static-website"];

    public static IReadOnlyList<TemplateCase> All { get; } = [.. Resources(), .. Applications(), .. Schemas(), .. Operations(), .. Components()];

    private static IEnumerable<TemplateCase> Resources()
    {
        yield return Database("postgresql-database", "shop-pg");
        yield return Database("mongodb-database", "shop-mongo", ("version", "8.0"));
        yield return Database("clickhouse-database", "shop-clicks");
        yield return Database("redis-cache", "shop-cache");
        yield return Database("postgresql-database", "shop-prod", ("environment", "production"), ("storageGiB", 100)) with { Approvers = ["dba-approver"] };
        yield return Resource("s3-bucket", "shop-files", ClaimFiles, ("storageGiB", 5), ("versioning", true));
        yield return Resource("kafka-topic", "order-placed", ["README.md", "catalog-info.yaml", "external-secret.yaml", "topic.yaml"], ("partitions", 6));
    }

    private static IEnumerable<TemplateCase> Applications()
    {
        foreach (var template in Languages)
        {
            yield return Application(template, $"shop-{template.Split('-')[0]}");
        }

        yield return Application("nodejs-service", "shop-public") with
        {
            Name = "application that others reach",
            Approvers = ["security-approver", "platform-admin"],
            Values = (JsonObject)Common("shop-public", ("description", "Everybody calls it: \"hello\""), ("host", "shop.example.org"), ("allowedNamespaces", new JsonArray("team-data"))),
        };
    }

    private static IEnumerable<TemplateCase> Schemas()
    {
        string[] files = ["README.md", "catalog-info.yaml"];
        yield return Schema("avro-schema", "order-avro", """{ "type": "record", "name": "Order", "fields": [{ "name": "id", "type": "string" }] }""") with { Files = At("schemas/team-orders/order-avro/", [.. files, "schema.avsc"]) };
        yield return Schema("json-schema", "order-json", """{ "type": "object", "required": ["id"], "properties": { "id": { "type": "string" } } }""") with { Files = At("schemas/team-orders/order-json/", [.. files, "schema.json"]) };
        yield return Schema("cloudevents-schema", "order-event", """{ "type": "object", "properties": { "id": { "type": "string" } } }""", ("eventType", "org.example.orders.order-placed"), ("source", "/orders/orders-api")) with
        {
            Files = At("schemas/team-orders/order-event/", [.. files, "schema.json"]),
        };
        yield return Schema(
            "avro-schema", "order-avro", """{ "type": "record", "name": "Order", "fields": [{ "name": "id", "type": "string" }, { "name": "total", "type": "long" }] }""",
            ("override", true), ("reason", "All readers were changed before")) with
        {
            Name = "incompatible schema",
            After = ["avro-schema"],
            Approvers = ["sre-approver"],
            Files = At("schemas/team-orders/order-avro/", ["schema.avsc"]),
        };
    }

    private static IEnumerable<TemplateCase> Operations()
    {
        yield return new TemplateCase("database-scale", "database-scale", Values(("database", "resource:default/shop-pg"), ("storageGiB", 15), ("reason", "Orders pile up")))
        {
            After = ["postgresql-database"],
            Files = At(Claims + "shop-pg/", ["claim.yaml"]),
        };
        yield return new TemplateCase("scale in production", "database-scale", Values(("database", "resource:default/shop-prod"), ("size", "large"), ("replicas", 5), ("reason", "Black Friday")))
        {
            After = ["postgresql-database shop-prod"],
            Approvers = ["dba-approver"],
            Files = At(Claims + "shop-prod/", ["claim.yaml"]),
        };
        yield return new TemplateCase("database-restore", "database-restore", Common("shop-restored", ("database", "resource:default/shop-prod"), ("environment", "staging"), ("size", "medium"), ("storageGiB", 100), ("reason", "Look at yesterday's orders"), ("time", "2026-01-31T12:00:00Z")))
        {
            After = ["postgresql-database shop-prod"],
            Approvers = ["dba-approver"],
            Files = At(Claims + "shop-restored/", ClaimFiles),
        };
        yield return new TemplateCase("database-delete", "database-delete", Values(("database", "resource:default/shop-cache"), ("confirm", "shop-cache"), ("reason", "Nobody asks it any more"))) { After = ["redis-cache"] };
        yield return new TemplateCase("topic-change", "topic-change", Values(("topic", "resource:default/order-placed"), ("partitions", 12), ("retentionHours", 24), ("reason", "More consumers")))
        {
            After = ["kafka-topic"],
            Files = At(Claims + "order-placed/", ["topic.yaml"]),
        };
        yield return new TemplateCase("topic-delete", "topic-delete", Values(("topic", "resource:default/order-placed"), ("confirm", "order-placed"), ("reason", "Replaced by another")))
        {
            After = ["topic-change"],
            Approvers = ["sre-approver"],
        };
        yield return new TemplateCase(
            "cdc-pipeline", "cdc-pipeline",
            Values(("name", "shop-changes"), ("database", "resource:default/shop-pg"), ("tables", new JsonArray("public.orders", "public.items")), ("excludedColumns", new JsonArray("public.orders.email")), ("reason", "Search follows orders")))
        {
            After = ["database-scale"],
            Approvers = ["security-approver"],
            Files = At(Claims + "shop-changes/", ["README.md", "catalog-info.yaml", "connector.yaml", "external-secret.yaml", "lag-alerts.yaml"]),
        };
    }

    private static IEnumerable<TemplateCase> Components()
    {
        yield return new TemplateCase("add-monitoring", "add-monitoring", Values(("component", "component:default/orders-api")))
        {
            Files = At("applications/team-orders/orders-api/monitoring/", ["alerts.yaml", "dashboard.yaml", "service-monitor.yaml"]),
        };
        yield return new TemplateCase("add-ci", "add-ci", Values(("component", "component:default/orders-api"), ("language", "go-service")))
        {
            Repository = "orders/orders-api",
            ByPullRequest = true,
            Files = [".github/workflows/ci.yaml"],
        };
        yield return new TemplateCase(
            "adr", "adr",
            Values(("component", "component:default/orders-worker"), ("number", 7), ("title", "Events, not calls"), ("context", "Orders wait for mail"), ("decision", "Mail is sent when the event comes"), ("pullRequest", false)))
        {
            Repository = "orders/orders-worker",
            Files = ["docs/adr/0007-events-not-calls.md"],
        };
        yield return new TemplateCase(
            "runbook", "runbook",
            Values(("component", "component:default/orders-worker"), ("title", "Queue grows"), ("impact", "Orders are late"), ("checks", new JsonArray("Is the database up?", "Did a release come?")), ("remedies", new JsonArray("Roll back")), ("pullRequest", false)))
        {
            Repository = "orders/orders-worker",
            After = ["adr"],
            Files = ["docs/runbooks/queue-grows.md"],
        };
    }

    private static TemplateCase Database(string template, string name, params (string, JsonNode)[] values) =>
        Resource(template, name, ClaimFiles, [("size", "small"), ("storageGiB", 10), .. values]) with { Name = name == "shop-prod" ? $"{template} {name}" : template };

    private static TemplateCase Resource(string template, string name, string[] files, params (string, JsonNode)[] values) =>
        new(template, template, Common(name, [("environment", "development"), ("reason", "The shop needs it"), .. values])) { Files = At(Claims + name + "/", files) };

    private static TemplateCase Application(string template, string name) =>
        new(template, template, Common(name, ("description", $"It's the shop's {template}"))) { Published = name, Files = [$"applications/team-orders/{name}/application.yaml"] };

    private static TemplateCase Schema(string template, string name, string schema, params (string, JsonNode)[] values) =>
        new(template, template, Common(name, [("description", "An order of the shop"), ("schema", schema), .. values]));

    private static string[] At(string directory, string[] files) => [.. files.Select(f => directory + f).Order(StringComparer.Ordinal)];

    private static JsonObject Common(string name, params (string, JsonNode)[] values) => Values([("name", name), ("owner", Owner), .. values]);

    private static JsonObject Values(params (string Name, JsonNode Value)[] values)
    {
        var result = new JsonObject();
        foreach (var (name, value) in values)
        {
            result[name] = value;
        }

        return result;
    }
}
