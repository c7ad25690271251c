using DevPlatform.Identity.Contracts.Permissions;

namespace DevPlatform.Shared.Permissions;

/// <summary>
/// What permissions need to know about the resources of one type; a module whose resources others ask about registers one. Answers are
/// quick and may be a moment old: what is changed is judged again where it is changed.
/// </summary>
public interface IPermissionResources
{
    /// <summary>The resource type, as permissions name it: <c>catalog-entity</c>.</summary>
    string ResourceType { get; }

    /// <summary>The resource, or null when there is none of that name.</summary>
    ValueTask<PermissionResource?> FindAsync(string resourceRef, CancellationToken cancellationToken);
}
