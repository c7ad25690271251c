using DevPlatform.Shared.Errors;

namespace DevPlatform.Catalog.Processors;

/// <summary>Where the entity being processed comes from, and what a processor may do beside changing it.</summary>
public sealed class ProcessingContext
{
    private readonly Func<string, CancellationToken, Task<string>>? _read;

    internal ProcessingContext(string type, string target, string origin, Func<string, CancellationToken, Task<string>>? read = null) =>
        (Type, Target, Origin, _read) = (type, target, origin, read);

    /// <summary><c>url</c>, <c>file</c>, or the scheme of a provider that hands over entities (<c>keycloak</c>).</summary>
    public string Type { get; }

    /// <summary>URL or path of the file; for a provider's entities, what names them there.</summary>
    public string Target { get; }

    /// <summary>The root location that led here, <c>&lt;type&gt;:&lt;target&gt;</c>.</summary>
    public string Origin { get; }

    /// <summary>Whether there is a file that paths can be relative to.</summary>
    public bool IsFile => _read is not null;

    /// <summary>Further locations to read, in the order in which they were named.</summary>
    internal List<FollowedLocation> Followed { get; } = [];

    /// <summary>Text of another file, by a path relative to this one or a URL; the entity is processed anew when it changes.</summary>
    /// <exception cref="NotFoundException">There is none.</exception>
    /// <exception cref="InputException">It may not be read.</exception>
    public Task<string> ReadTextAsync(string path, CancellationToken cancellationToken) => _read is null
        ? throw new InputException($"\"{path}\" cannot be read: the entity comes from no file")
        : _read(path, cancellationToken);

    /// <summary>Has a location read, as if a Location entity named it.</summary>
    /// <param name="target">URL, or path relative to this file.</param>
    /// <param name="type"><c>url</c> or <c>file</c>; null for this file's.</param>
    /// <param name="optional">Whether it is no error that there is nothing.</param>
    /// <param name="field">Dotted path of the field that names it, for error messages.</param>
    public void Follow(string target, string? type = null, bool optional = false, string field = "") => Followed.Add(new FollowedLocation(type ?? Type, target, optional, field));
}

/// <summary>A location that an entity leads to.</summary>
internal sealed record FollowedLocation(string Type, string Target, bool Optional, string Field);
