using System.Text.Json.Serialization;
using k8s;
using k8s.Models;

namespace DevPlatform.MockTools.Tests.Kubernetes;

/// <summary>A PostgreSQLInstance as a program that knows its type reads it.</summary>
internal sealed class Claim : IKubernetesObject<V1ObjectMeta>
{
    [JsonPropertyName("apiVersion")]
    public string ApiVersion { get; set; } = $"{ClusterFixture.Group}/{ClusterFixture.GroupVersion}";

    [JsonPropertyName("kind")]
    public string Kind { get; set; } = "PostgreSQLInstance";

    [JsonPropertyName("metadata")]
    public V1ObjectMeta Metadata { get; set; } = new();

    [JsonPropertyName("spec")]
    public ClaimSpec Spec { get; set; } = new();

    [JsonPropertyName("status")]
    public ClaimStatus? Status { get; set; }

    public static Claim New(string name, string size, string @namespace) => new()
    {
        Metadata = new V1ObjectMeta { Name = name, NamespaceProperty = @namespace },
        Spec = new ClaimSpec { Size = size },
    };
}

internal sealed class ClaimSpec
{
    [JsonPropertyName("environment")]
    public string Environment { get; set; } = "development";

    [JsonPropertyName("size")]
    public string Size { get; set; } = "small";

    [JsonPropertyName("storage")]
    public string Storage { get; set; } = "10Gi";

    [JsonPropertyName("replicas")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public int Replicas { get; set; }
}

internal sealed class ClaimStatus
{
    [JsonPropertyName("host")]
    public string? Host { get; set; }
}

internal sealed class ClaimList : IKubernetesObject<V1ListMeta>, IItems<Claim>
{
    [JsonPropertyName("apiVersion")]
    public string ApiVersion { get; set; } = "";

    [JsonPropertyName("kind")]
    public string Kind { get; set; } = "";

    [JsonPropertyName("metadata")]
    public V1ListMeta Metadata { get; set; } = new();

    [JsonPropertyName("items")]
    public IList<Claim> Items { get; set; } = [];
}
