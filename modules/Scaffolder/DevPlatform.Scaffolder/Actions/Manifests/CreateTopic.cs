using System.Text.Json.Nodes;
using DevPlatform.Catalog.Contracts;
using DevPlatform.Scaffolder.Contracts;
using DevPlatform.Shared.Errors;

namespace DevPlatform.Scaffolder.Actions.Manifests;

/// <summary><c>kafka:create-topic</c>: a Strimzi KafkaTopic and its Resource (RFC §12).</summary>
internal sealed class CreateTopic : IScaffolderAction
{
    private const int MaxPartitions = 100;
    private const double DefaultRetentionHours = 7 * 24;
    private const double MaxRetentionHours = 365 * 24;

    public ActionDefinition Definition { get; } = new()
    {
        Id = "kafka:create-topic",
        Description = "Writes topic.yaml (a Strimzi KafkaTopic) and, unless there is one, catalog-info.yaml.",
        InputSchema = Schema.Object(
            [
                ("name", Schema.Text("Name of the topic; begins with the namespace and a dot: team-orders.order-placed")),
                ("namespace", Schema.Text("Kubernetes namespace")),
                ("cluster", Schema.Text("Kafka cluster; default: platform")),
                ("partitions", Schema.Number($"1 to {MaxPartitions}; default: 3")),
                ("replicas", Schema.Number("1 to 9; default: 3")),
                ("retentionHours", Schema.Number("Default: 168 (7 days)")),
                ("cleanupPolicy", Schema.Text("delete (default) or compact")),
                ("config", Schema.Map("Further settings of the topic")),
                ("entityName", Schema.Text("Name of the Resource; default: the topic's, dots as dashes")),
                .. Manifest.EntityInputs,
            ],
            "name", "namespace", "owner"),
        OutputSchema = Schema.Object(
        [
            ("entityRef", Schema.Text("The Resource")),
            ("topic", Schema.Text("The topic's name")),
            ("files", Schema.List(Schema.Text("path"), "What was written")),
        ]),
        Permission = ScaffolderPermissions.ActionExecute,
        Outside = OutsideAccess.Nothing,
        SupportsDryRun = true,
        Example = "steps:\n  - action: kafka:create-topic\n    input:\n      name: team-orders.order-placed\n      namespace: team-orders\n      owner: group:default/team-orders\n",
    };

    public async Task ExecuteAsync(ActionContext context, CancellationToken cancellationToken)
    {
        var ns = Manifest.Name("namespace", context.Text("namespace"));
        var topic = TopicName(context.Text("name")!, ns);
        var name = Manifest.Name("entityName", context.Text("entityName") ?? topic.Replace('.', '-').Replace('_', '-').ToLowerInvariant());
        var entity = new EntityRef("resource", EntityRef.DefaultNamespace, name);
        var config = new JsonObject
        {
            ["retention.ms"] = (long)(Number(context, "retentionHours", DefaultRetentionHours, 1, MaxRetentionHours) * 3_600_000),
            ["cleanup.policy"] = context.Text("cleanupPolicy") switch
            {
                null => "delete",
                "delete" or "compact" => context.Text("cleanupPolicy"),
                var other => throw InputException.For("cleanupPolicy", other, "delete or compact"),
            },
        };
        foreach (var (key, value) in context.Input["config"] as JsonObject ?? [])
        {
            config[key] = value?.DeepClone();
        }

        var metadata = Manifest.Metadata(name, ns, entity, context.Text("environment"));
        metadata["labels"]!["strimzi.io/cluster"] = context.Text("cluster") ?? "platform";
        var manifest = Manifest.Document("kafka.strimzi.io/v1beta2", "KafkaTopic", metadata, new JsonObject
        {
            ["topicName"] = topic,
            ["partitions"] = (int)Number(context, "partitions", 3, 1, MaxPartitions),
            ["replicas"] = (int)Number(context, "replicas", 3, 1, 9),
            ["config"] = config,
        });
        var annotations = new JsonObject { ["devplatform.io/kafka-topic"] = topic, ["devplatform.io/kubernetes-namespace"] = ns };
        await Manifest.WriteAsync(
            context, cancellationToken, ("topic.yaml", [manifest]), ("catalog-info.yaml", [Manifest.Resource(context, name, "kafka-topic", annotations)]));
        context.Output["entityRef"] = entity.ToString();
        context.Output["topic"] = topic;
    }

    // A topic of one team must not look like another's.
    private static string TopicName(string name, string ns) =>
        name.Length is > 2 and <= 249 && name.StartsWith(ns + ".", StringComparison.Ordinal) && name.All(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '_' or '-')
            ? name
            : throw InputException.For("name", name, $"a topic name that begins with \"{ns}.\" (letters, digits, dots, dashes, underscores)");

    private static double Number(ActionContext context, string field, double fallback, double min, double max)
    {
        var value = context.Input[field]?.GetValue<double>() ?? fallback;
        return value >= min && value <= max ? value : throw InputException.For(field, value, $"{min} to {max}");
    }
}
