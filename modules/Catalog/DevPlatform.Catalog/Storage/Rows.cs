namespace DevPlatform.Catalog.Storage;

/// <summary>Something that entities come from: a registered location, a configured one, a repository.</summary>
public sealed class RootRow
{
    public Guid Id { get; set; }

    /// <summary>Who brought it: <see cref="RootKind"/>, or a provider's name.</summary>
    public required string Kind { get; set; }

    /// <summary>What it is: <c>url</c>, <c>file</c>, or one of <see cref="RootType"/>.</summary>
    public required string Type { get; set; }

    public required string Target { get; set; }

    /// <summary>What was read last time → its version, JSON; null to read anew.</summary>
    public string? Dependencies { get; set; }

    public DateTimeOffset? CheckedAt { get; set; }

    public DateTimeOffset? RefreshRequestedAt { get; set; }

    /// <summary>Whether it holds an entity that another root held first.</summary>
    public bool HasConflicts { get; set; }

    /// <summary>Why it could not be read at all; for entities that come from no file, which were refused and why.</summary>
    public string? Error { get; set; }

    /// <summary>The version that its provider gave it.</summary>
    public string? ProviderVersion { get; set; }
}

/// <summary>Values of <see cref="RootRow.Kind"/> that are no provider's.</summary>
public static class RootKind
{
    /// <summary>A person or a task registered it.</summary>
    public const string Registered = "registered";

    /// <summary>The organization's users and groups, which another module reads.</summary>
    public const string Organization = "organization";
}

/// <summary>Values of <see cref="RootRow.Type"/> beside those of locations.</summary>
public static class RootType
{
    /// <summary>A Git repository with all its catalog files; the target is its clone URL.</summary>
    public const string Repository = "repository";

    /// <summary>Entities that are handed over, not read.</summary>
    public const string Entities = "entities";
}

/// <summary>An entity: as its source says (<see cref="Document"/>) and as it is served (<see cref="Final"/>).</summary>
public sealed class EntityRow
{
    /// <summary>Lower-case reference.</summary>
    public required string Ref { get; set; }

    public Guid Uid { get; set; }

    public Guid RootId { get; set; }

    /// <summary>The Location entity that led to it.</summary>
    public string? ParentRef { get; set; }

    /// <summary>The file, <c>&lt;type&gt;:&lt;target&gt;</c>.</summary>
    public required string Location { get; set; }

    /// <summary>JSON before stitching.</summary>
    public required string Document { get; set; }

    /// <summary>Errors of its source, JSON array of <c>{name, message}</c>; null when there are none.</summary>
    public string? Issues { get; set; }

    /// <summary>JSON as served, UTF-8: a read is these bytes.</summary>
    public required byte[] Final { get; set; }

    public required string Etag { get; set; }

    /// <summary><c>Active</c> or <c>Orphaned</c>.</summary>
    public required string Lifecycle { get; set; }

    /// <summary>Live state of a Resource.</summary>
    public string? State { get; set; }

    public string? StateMessage { get; set; }

    /// <summary>Since when its source has it no more; null while it has.</summary>
    public DateTimeOffset? OrphanedAt { get; set; }
}

/// <summary>A relation as its declaring entity sees it.</summary>
public sealed class RelationRow
{
    public required string Origin { get; set; }

    public required string Type { get; set; }

    public required string Target { get; set; }
}

/// <summary>The order of changes, which read models follow.</summary>
public sealed class ChangeRow
{
    public long Seq { get; set; }

    public required string EntityRef { get; set; }

    /// <summary><c>added</c>, <c>updated</c> or <c>removed</c>.</summary>
    public required string Change { get; set; }

    public DateTimeOffset ChangedAt { get; set; }

    /// <summary>The last served version of a removed entity, which says who may hear of it.</summary>
    public byte[]? Entity { get; set; }
}

/// <summary>What the cluster says about a claim.</summary>
public sealed class ClaimRow
{
    /// <summary><c>&lt;plural&gt;.&lt;group&gt;</c>.</summary>
    public required string Resource { get; set; }

    public required string Namespace { get; set; }

    public required string Name { get; set; }

    /// <summary>The entity it belongs to, whether or not the catalog has it yet.</summary>
    public required string EntityRef { get; set; }

    /// <summary>Provisioning, Ready, Degraded, Failed or Deleting.</summary>
    public required string State { get; set; }

    public string? Message { get; set; }

    public string? Environment { get; set; }

    public string? Size { get; set; }

    /// <summary>JSON: host, port, database and the Vault path of its credentials; never a secret.</summary>
    public string? Connection { get; set; }

    /// <summary>JSON: schedule and last success of backups.</summary>
    public string? Backup { get; set; }

    public DateTimeOffset? Since { get; set; }
}

/// <summary>Annotations that a provider adds to an entity of another source.</summary>
public sealed class AddedAnnotationsRow
{
    public required string Provider { get; set; }

    /// <summary>What names the provider's source.</summary>
    public required string Source { get; set; }

    /// <summary>The entity, whether or not the catalog has it yet.</summary>
    public required string EntityRef { get; set; }

    /// <summary>JSON object of strings.</summary>
    public required string Annotations { get; set; }
}
