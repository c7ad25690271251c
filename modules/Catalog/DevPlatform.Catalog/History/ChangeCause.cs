using DevPlatform.Catalog.Entities;
using DevPlatform.Identity.Contracts;
using DevPlatform.Shared.Git;

namespace DevPlatform.Catalog.History;

/// <summary>Who or what changes entities, as their history tells it.</summary>
/// <param name="By">A user's entity ref, or the part of the platform that does it: <c>ingestion</c>, <c>discovery</c>, <c>crossplane</c>, a provider's name.</param>
/// <param name="Entered">In which state new entities come in: <see cref="EntityLifecycle.Registered"/> or <see cref="EntityLifecycle.Discovered"/>.</param>
/// <param name="TaskId">The scaffolder task behind it.</param>
internal sealed record ChangeCause(string By, string Entered = EntityLifecycle.Registered, string? TaskId = null)
{
    /// <summary>A source changed, and a check of it saw that.</summary>
    public static readonly ChangeCause Ingestion = new("ingestion");

    /// <summary>As <see cref="Ingestion"/>, for sources that are searched.</summary>
    public static readonly ChangeCause Discovery = new("discovery", EntityLifecycle.Discovered);

    /// <summary>The state of a claim in the cluster changed.</summary>
    public static readonly ChangeCause Crossplane = new("crossplane", EntityLifecycle.Discovered);

    /// <summary>What was read → its version (<see cref="Ingestion.SourceTree.Dependencies"/>), so that history can name the commit.</summary>
    public IReadOnlyDictionary<string, string>? Versions { get; init; }

    /// <summary>A provider found it, or does so no more.</summary>
    public static ChangeCause Discovered(string provider) => new(provider, EntityLifecycle.Discovered);

    /// <summary>Someone asked for it.</summary>
    public static ChangeCause Of(Actor actor, string? taskId = null) => new(actor.UserRef, TaskId: taskId);

    /// <summary>The commit that a file was read at, where it is in Git.</summary>
    /// <param name="location"><c>url:&lt;address&gt;</c>.</param>
    public string? RevisionOf(string? location) =>
        Versions is not null && location?.StartsWith("url:", StringComparison.Ordinal) == true && GitUrl.TryParse(location[4..], out var git)
            ? Versions.GetValueOrDefault($"git {git.CloneUrl} {git.Reference}")
            : null;
}
