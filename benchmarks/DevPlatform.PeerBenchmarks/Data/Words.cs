namespace DevPlatform.PeerBenchmarks.Data;

/// <summary>What names and fields of the made-up organization are put together from.</summary>
internal static class Words
{
    public static readonly string[] Subjects =
    [
        "payment", "billing", "order", "customer", "inventory", "search", "shipping", "identity", "pricing", "catalog",
        "fraud", "ledger", "notification", "report", "session", "profile", "media", "geo", "loyalty", "risk",
    ];

    public static readonly string[] Parts =
    [
        "gateway", "worker", "api", "portal", "sync", "engine", "store", "router", "adapter", "scheduler", "exporter", "frontend", "batch", "stream", "cache", "proxy",
    ];

    public static readonly string[] Stores = ["db", "bucket", "topic", "queue", "cluster"];
    public static readonly string[] FirstNames = ["ada", "bo", "carl", "dina", "eve", "finn", "gus", "hana", "ivan", "jo", "kim", "lea", "max", "nina", "omar", "pia"];
    public static readonly string[] LastNames = ["alm", "berg", "cruz", "dahl", "ek", "fox", "gray", "holm", "ito", "jung", "kern", "lind", "moss", "nash", "ortiz"];
    public static readonly string[] ApiTypes = ["openapi", "openapi", "grpc", "asyncapi", "graphql"];
    public static readonly string[] ComponentTypes = ["service", "service", "service", "website", "library"];
    public static readonly string[] ResourceTypes = ["database", "s3-bucket", "kafka-topic", "queue", "cluster"];
    public static readonly string[] Lifecycles = ["production", "production", "experimental", "deprecated"];
    public static readonly string[] Environments = ["production", "staging", "development"];

    public static readonly string[] Tags =
    [
        "java", "go", "typescript", "python", "kotlin", "csharp", "rust", "scala",
        "grpc", "rest", "kafka", "postgres", "redis", "internal", "public", "pci", "gdpr", "legacy", "k8s", "lambda",
    ];
}
