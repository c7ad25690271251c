using System.Text.Json.Nodes;

namespace DevPlatform.Catalog.Providers;

/// <summary>
/// Something that the catalog learns locations or entities from. Register it in DI (<c>services.AddSingleton&lt;ICatalogProvider, MyProvider&gt;()</c>).
/// It runs on one replica; another takes over when that dies, so what a provider remembers it must be able to learn again.
/// </summary>
public interface ICatalogProvider
{
    /// <summary>Unique and stable: what it brought is known by this name. What a name brought is removed when no provider has it any more.</summary>
    string Name { get; }

    /// <summary>Runs until cancelled. An exception is logged and the provider started again, with growing pauses; the others go on.</summary>
    Task RunAsync(ICatalogConnection catalog, CancellationToken cancellationToken);
}

/// <summary>What a provider tells the catalog.</summary>
public interface ICatalogConnection
{
    /// <summary>
    /// Makes the provider's locations these. New ones are read at once, ones whose version differs from the last time too; the entities of those
    /// that are not among them are removed.
    /// </summary>
    Task SetLocationsAsync(IReadOnlyCollection<ProvidedLocation> locations, CancellationToken cancellationToken);

    /// <summary>
    /// Makes the entities of one of the provider's sources these. They pass the processors; what is refused is logged and shown on the source, and
    /// keeps nothing else out.
    /// </summary>
    /// <param name="source">What names the source: <c>cluster-1</c>. Entities have <c>&lt;provider&gt;:&lt;source&gt;</c> as their location.</param>
    /// <param name="entities">As an author would write them.</param>
    /// <param name="cancellationToken">Stops.</param>
    Task SetEntitiesAsync(string source, IReadOnlyCollection<JsonObject> entities, CancellationToken cancellationToken);

    /// <summary>
    /// Adds annotations to entities of other sources, known now or later; what an entity says itself comes first. What is no longer named goes.
    /// </summary>
    /// <param name="source">What names the provider's source.</param>
    /// <param name="annotations">Full entity reference, lower case → annotations.</param>
    /// <param name="cancellationToken">Stops.</param>
    Task SetAnnotationsAsync(string source, IReadOnlyDictionary<string, IReadOnlyDictionary<string, string>> annotations, CancellationToken cancellationToken);

    /// <summary>Waits for the next time to look: when the interval has passed, or at once when a webhook says that something changed.</summary>
    Task WaitAsync(TimeSpan interval, CancellationToken cancellationToken);
}

/// <summary>A location that a provider found.</summary>
/// <param name="Kind">What is there.</param>
/// <param name="Target">URL or path of the file, or clone URL of the repository.</param>
/// <param name="Version">
/// Changes when the location does, if the provider can tell: then the location is read when the version changes, and else only from time to time.
/// </param>
public sealed record ProvidedLocation(LocationKind Kind, string Target, string? Version = null);

/// <summary>What a location is.</summary>
public enum LocationKind
{
    /// <summary>One catalog file at a URL.</summary>
    Url,

    /// <summary>One catalog file on this machine.</summary>
    File,

    /// <summary>A Git repository, all of whose catalog files are read.</summary>
    Repository,
}
