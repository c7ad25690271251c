using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using DevPlatform.Shared.Configuration;

namespace DevPlatform.Shared.Clusters;

/// <summary>A Kubernetes cluster, and who we are there. Clusters are only ever read (INV-4).</summary>
public class ClusterOptions
{
    /// <summary>What the cluster is called in annotations (<c>backstage.io/kubernetes-cluster</c>) and on pages.</summary>
    public string Name { get; set; } = "default";

    /// <summary>Its name for people; default: <see cref="Name"/>.</summary>
    public string? Title { get; set; }

    /// <summary>Base URL of its API.</summary>
    public string? Server { get; set; }

    /// <summary>Bearer token.</summary>
    public string? Token { get; set; }

    /// <summary>File with the certificates (PEM) that its API's certificate must come from; default: those that the machine trusts.</summary>
    public string? CertificateAuthority { get; set; }

    /// <summary>Where people look at it; pages link to objects there.</summary>
    public string? DashboardUrl { get; set; }
}

/// <summary>
/// Section <c>Kubernetes</c>: the cluster that is watched, and others that are shown. Its <c>Server</c> is by default the service
/// <c>kubernetes</c>, else the cluster this runs in, where the mounted service account is used instead of a token.
/// </summary>
public sealed class KubernetesOptions : ClusterOptions, ICheckedOptions
{
    /// <summary>The section's name.</summary>
    public const string Section = "Kubernetes";

    /// <summary>Further clusters; each needs a name and a server.</summary>
    public IList<ClusterOptions> Others { get; } = [];

    /// <inheritdoc />
    public IEnumerable<string> Problems(string section)
    {
        IEnumerable<(string Key, ClusterOptions Cluster)> all = [(section, this), .. Others.Select((cluster, i) => ($"{section}:{nameof(Others)}:{i}", cluster))];
        var names = new HashSet<string>(StringComparer.Ordinal);
        foreach (var (key, cluster) in all)
        {
            if (cluster.Name.Length == 0 || !names.Add(cluster.Name))
            {
                yield return SettingProblem.Of(key, nameof(cluster.Name), cluster.Name, "a name that no other cluster has");
            }

            if (cluster.Server is null ? cluster != this : !Uri.TryCreate(cluster.Server, UriKind.Absolute, out var server) || server.Scheme is not ("http" or "https"))
            {
                yield return SettingProblem.Of(key, nameof(cluster.Server), cluster.Server, "an absolute URL");
            }

            if (cluster.CertificateAuthority is { } file && !HoldsCertificates(file))
            {
                yield return SettingProblem.Of(key, nameof(cluster.CertificateAuthority), file, "a file with certificates (PEM)");
            }

            if (cluster.DashboardUrl is { } url && !Uri.TryCreate(url, UriKind.Absolute, out _))
            {
                yield return SettingProblem.Of(key, nameof(cluster.DashboardUrl), url, "an absolute URL");
            }
        }
    }

    private static bool HoldsCertificates(string file)
    {
        try
        {
            var certificates = new X509Certificate2Collection();
            certificates.ImportFromPemFile(file);
            return certificates.Count > 0;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or CryptographicException or ArgumentException)
        {
            return false;
        }
    }
}
