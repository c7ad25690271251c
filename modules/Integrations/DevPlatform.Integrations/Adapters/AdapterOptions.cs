using System.ComponentModel.DataAnnotations;

namespace DevPlatform.Integrations.Adapters;

/// <summary>With whose authority an adapter calls its tool (INV-15); every adapter declares one.</summary>
public enum AdapterCredential
{
    /// <summary>A service account of the portal; what the caller may do is decided by our permissions first.</summary>
    ServiceAccount,

    /// <summary>The caller's own access token; the tool decides.</summary>
    ForwardedUserToken,

    /// <summary>A credential issued by Vault for the call.</summary>
    VaultIssued,
}

/// <summary>What every tool's options have; one configuration section per tool (<c>ArgoCd</c>, …).</summary>
public abstract class AdapterOptions
{
    /// <summary>Base URL of the tool; null leaves the tool unconfigured. Falls back to service discovery (<c>services:argocd:http:0</c>).</summary>
    public Uri? Url { get; set; }

    /// <summary>Token of the service account, where one is used.</summary>
    public string? Token { get; set; }

    /// <summary>Limit of one attempt.</summary>
    [Range(typeof(TimeSpan), "00:00:00.100", "00:02:00")]
    public TimeSpan Timeout { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>How long an answer counts as fresh; after that the tool is asked again, and the old answer serves when it is down.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "01:00:00")]
    public TimeSpan FreshFor { get; set; } = TimeSpan.FromSeconds(10);
}
