using DevPlatform.Integrations.Adapters;

namespace DevPlatform.Integrations.ArgoCd;

/// <summary>Section <c>ArgoCd</c>. Credential: a service account's API token.</summary>
public sealed class ArgoCdOptions : AdapterOptions
{
    /// <summary>Namespace of Applications in links where an entity names none.</summary>
    public string AppNamespace { get; set; } = "argocd";
}
