using DevPlatform.Identity.Contracts;

namespace DevPlatform.Catalog.Contracts;

/// <summary>Query: one entity as it is served. The answer is <see cref="EntityDocument"/>; <c>Found</c> is false for an unknown ref.</summary>
/// <param name="EntityRef">Full entity ref, any case.</param>
public sealed record GetEntity(string EntityRef);

/// <summary>Answer to <see cref="GetEntity"/>.</summary>
/// <param name="EntityRef">The ref asked for, lower case.</param>
/// <param name="Found">Whether the catalog has it.</param>
/// <param name="Json">The final entity, JSON, as the REST API serves it; null when not found.</param>
/// <param name="Owners">Targets of its <c>ownedBy</c> relations.</param>
/// <param name="State">For Resources: Provisioning, Ready, Degraded, Failed or Deleting; else null.</param>
/// <param name="StateMessage">What the cluster says about the state.</param>
public sealed record EntityDocument(
    string EntityRef, bool Found, string? Json, IReadOnlyList<string> Owners, string? State = null, string? StateMessage = null);

/// <summary>Query: entities with an annotation. Answer: <see cref="EntityDocuments"/>.</summary>
/// <param name="Annotation">Its key.</param>
/// <param name="Value">Its value, exactly; null for whatever value.</param>
public sealed record ListAnnotatedEntities(string Annotation, string? Value = null);

/// <summary>Answer to <see cref="ListAnnotatedEntities"/>.</summary>
/// <param name="Items">The entities, by ref.</param>
public sealed record EntityDocuments(IReadOnlyList<EntityDocument> Items);

/// <summary>Query: Resources of one type, environment and owner, for counting quotas.</summary>
/// <param name="Type"><c>spec.type</c>, e.g. <c>database</c>.</param>
/// <param name="Environment">development, staging or production.</param>
/// <param name="Owner">Owner's entity ref, or null for all owners.</param>
public sealed record ListResources(string Type, string Environment, string? Owner);

/// <summary>Answer to <see cref="ListResources"/>.</summary>
/// <param name="EntityRefs">Refs, lower case, sorted.</param>
public sealed record ResourceList(IReadOnlyList<string> EntityRefs);

/// <summary>
/// Command: register a location as <c>POST /locations</c> does (idempotent for the same type and target) and ingest it before answering.
/// </summary>
/// <param name="Type"><c>url</c>.</param>
/// <param name="Target">Absolute URL of a catalog-info.yaml.</param>
/// <param name="RequestedBy">On whose behalf.</param>
/// <param name="TaskId">The scaffolder task that registers it, for history and audit.</param>
public sealed record RegisterLocation(string Type, string Target, Actor RequestedBy, string? TaskId = null);

/// <summary>Answer to <see cref="RegisterLocation"/>.</summary>
/// <param name="LocationId">Id of the location.</param>
/// <param name="EntityRefs">The entities that it holds, in file order.</param>
public sealed record LocationRegistered(Guid LocationId, IReadOnlyList<string> EntityRefs);

/// <summary>Event: an entity was added, changed or removed. Published after the change is visible to reads.</summary>
/// <param name="EntityRef">Lower-case ref.</param>
/// <param name="Change"><c>added</c>, <c>updated</c> or <c>removed</c>.</param>
/// <param name="Etag">The entity's new etag; null when removed.</param>
public sealed record EntityChanged(string EntityRef, string Change, string? Etag);

/// <summary>Event: the live state of a Resource changed (RFC §5.5).</summary>
/// <param name="EntityRef">Lower-case ref.</param>
/// <param name="State">Provisioning, Ready, Degraded, Failed or Deleting.</param>
/// <param name="Message">What the cluster said, e.g. the operator's error.</param>
/// <param name="OccurredAt">When it was seen.</param>
public sealed record ResourceStateChanged(string EntityRef, string State, string? Message, DateTimeOffset OccurredAt);

/// <summary>Command: remove a registered location, and with it what came from it. Nothing happens when there is none.</summary>
/// <param name="Type"><c>url</c>.</param>
/// <param name="Target">The URL that was registered.</param>
/// <param name="RequestedBy">On whose behalf.</param>
public sealed record UnregisterLocation(string Type, string Target, Actor RequestedBy);

/// <summary>Answer to <see cref="UnregisterLocation"/>.</summary>
/// <param name="Existed">Whether it was there.</param>
public sealed record LocationUnregistered(bool Existed);
