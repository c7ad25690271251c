using DevPlatform.Shared.Configuration;
using k8s;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;

namespace DevPlatform.Catalog.Crossplane;

/// <summary>Section <c>Kubernetes</c>: the cluster that is watched. Only ever read (INV-4).</summary>
public sealed class KubernetesOptions : ICheckedOptions
{
    /// <summary>The section's name.</summary>
    public const string Section = "Kubernetes";

    /// <summary>Base URL of the API; default: the service <c>kubernetes</c>, else the cluster this runs in.</summary>
    public string? Server { get; set; }

    /// <summary>Bearer token; in a cluster the mounted service account is used instead.</summary>
    public string? Token { get; set; }

    /// <inheritdoc />
    public IEnumerable<string> Problems(string section)
    {
        if (Server is not null && !Uri.TryCreate(Server, UriKind.Absolute, out _))
        {
            yield return SettingProblem.Of(section, nameof(Server), Server, "an absolute URL");
        }
    }
}

/// <summary>The client of the watched cluster.</summary>
internal sealed class KubernetesCluster(IOptions<KubernetesOptions> options, IConfiguration configuration) : IDisposable
{
    private Kubernetes? _client;

    /// <summary>Null where no cluster is configured and this runs in none.</summary>
    public Kubernetes? Client
    {
        get
        {
            if (_client is null && Configuration() is { } settings)
            {
                // A watch is one long response; its pauses are no timeouts.
                settings.HttpClientTimeout = Timeout.InfiniteTimeSpan;
                _client = new Kubernetes(settings);
            }

            return _client;
        }
    }

    public void Dispose() => _client?.Dispose();

    private KubernetesClientConfiguration? Configuration()
    {
        var server = options.Value.Server ?? configuration["services:kubernetes:http:0"] ?? configuration["services:kubernetes:https:0"];
        return server is not null ? new KubernetesClientConfiguration { Host = server, AccessToken = options.Value.Token }
            : KubernetesClientConfiguration.IsInCluster() ? KubernetesClientConfiguration.InClusterConfig()
            : null;
    }
}
