using System.Text.Json.Nodes;
using DevPlatform.Catalog.Contracts;
using DevPlatform.Scaffolder.Contracts;
using DevPlatform.Shared.Errors;

namespace DevPlatform.Scaffolder.Actions.Manifests;

/// <summary><c>kafka:create-connector</c>: a Strimzi KafkaConnector and its Resource (RFC §12: CDC by Debezium among others).</summary>
internal sealed class CreateConnector : IScaffolderAction
{
    public ActionDefinition Definition { get; } = new()
    {
        Id = "kafka:create-connector",
        Description = "Writes connector.yaml (a Strimzi KafkaConnector) and, unless there is one, catalog-info.yaml.",
        InputSchema = Schema.Object(
            [
                ("name", Schema.Text("Name of the connector and of the Resource")),
                ("namespace", Schema.Text("Kubernetes namespace of the Connect cluster's connector")),
                ("connectCluster", Schema.Text("Kafka Connect cluster; default: platform-connect")),
                ("class", Schema.Text("Connector class: io.debezium.connector.postgresql.PostgresConnector")),
                ("tasksMax", Schema.Number("Tasks at most; default: 1")),
                ("config", Schema.Map("The connector's settings; credentials only as references: ${file:…}, ${secrets:…}, ${env:…}")),
                .. Manifest.EntityInputs,
            ],
            "name", "namespace", "class", "owner"),
        OutputSchema = Schema.Object([("entityRef", Schema.Text("The Resource")), ("files", Schema.List(Schema.Text("path"), "What was written"))]),
        Permission = ScaffolderPermissions.ActionExecute,
        Outside = OutsideAccess.Nothing,
        SupportsDryRun = true,
        Example = "steps:\n  - action: kafka:create-connector\n    input:\n      name: orders-cdc\n      namespace: team-orders\n      class: io.debezium.connector.postgresql.PostgresConnector\n"
            + "      owner: group:default/team-orders\n      config: { database.hostname: orders-db-rw, topic.prefix: team-orders }\n",
    };

    public async Task ExecuteAsync(ActionContext context, CancellationToken cancellationToken)
    {
        var ns = Manifest.Name("namespace", context.Text("namespace"));
        var name = Manifest.Name("name", context.Text("name"));
        var entity = new EntityRef("resource", EntityRef.DefaultNamespace, name);
        var config = context.Input["config"]?.DeepClone() as JsonObject ?? [];
        foreach (var (key, value) in config)
        {
            if (key.Contains("password", StringComparison.OrdinalIgnoreCase) && value?.ToString() is { Length: > 0 } text && !text.StartsWith("${", StringComparison.Ordinal))
            {
                throw InputException.For($"config.{key}", "a literal", "a reference such as ${secrets:team-orders/orders-db-credentials:password}");
            }
        }

        var metadata = Manifest.Metadata(name, ns, entity, context.Text("environment"));
        metadata["labels"]!["strimzi.io/cluster"] = context.Text("connectCluster") ?? "platform-connect";
        var manifest = Manifest.Document("kafka.strimzi.io/v1beta2", "KafkaConnector", metadata, new JsonObject
        {
            ["class"] = context.Text("class"),
            ["tasksMax"] = (int)(context.Input["tasksMax"]?.GetValue<double>() ?? 1),
            ["autoRestart"] = new JsonObject { ["enabled"] = true },
            ["config"] = config,
        });
        var annotations = new JsonObject { ["devplatform.io/kafka-connector"] = name, ["devplatform.io/kubernetes-namespace"] = ns };
        await Manifest.WriteAsync(
            context, cancellationToken, ("connector.yaml", [manifest]), ("catalog-info.yaml", [Manifest.Resource(context, name, "kafka-connector", annotations)]));
        context.Output["entityRef"] = entity.ToString();
    }
}
