using System.Collections.Concurrent;
using DevPlatform.Catalog.TechDocs.Storage;

namespace DevPlatform.Catalog.Tests.Support;

/// <summary>Notes what is stored: every build ends with that.</summary>
internal sealed class CountingDocsStorage(IDocsStorage storage, ConcurrentQueue<string> stored) : IDocsStorage
{
    public Task<bool> ContainsAsync(string site, CancellationToken cancellationToken) => storage.ContainsAsync(site, cancellationToken);

    public Task SaveAsync(string site, IEnumerable<DocsFile> files, CancellationToken cancellationToken)
    {
        stored.Enqueue(site);
        return storage.SaveAsync(site, files, cancellationToken);
    }

    public Task<Stream?> OpenAsync(string site, string path, CancellationToken cancellationToken) => storage.OpenAsync(site, path, cancellationToken);
}
