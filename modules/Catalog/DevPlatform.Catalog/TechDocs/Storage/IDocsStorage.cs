namespace DevPlatform.Catalog.TechDocs.Storage;

/// <summary>A file of a site.</summary>
/// <param name="Path">Path in the site, with <c>/</c>: <c>guides/index.html</c>.</param>
/// <param name="Content">Its bytes.</param>
public sealed record DocsFile(string Path, byte[] Content);

/// <summary>
/// Where built sites are kept. It is a cache: what is missing is built again from its commit, so it may forget, be shared by replicas or not.
/// Register another implementation in DI to keep sites elsewhere (an object store, say).
/// </summary>
public interface IDocsStorage
{
    /// <summary>Whether a site is there, whole.</summary>
    /// <param name="site">Name of a build, lower-case hex digits and dashes; equal names, equal content.</param>
    /// <param name="cancellationToken">Stops asking.</param>
    Task<bool> ContainsAsync(string site, CancellationToken cancellationToken);

    /// <summary>Stores a site; readers see all of it or nothing. Storing it twice is fine.</summary>
    Task SaveAsync(string site, IEnumerable<DocsFile> files, CancellationToken cancellationToken);

    /// <summary>A file's content, to be disposed by the caller; null when the site or the file is not there.</summary>
    Task<Stream?> OpenAsync(string site, string path, CancellationToken cancellationToken);
}
