namespace DevPlatform.AppHost.Tests.Support;

internal sealed class TemporaryDirectory : IDisposable
{
    /// <summary>Open to others, so that PostgreSQL reaches it as another user.</summary>
    public string Path { get; } = Directory.CreateDirectory(System.IO.Path.Combine(System.IO.Path.GetTempPath(), $"apphost-tests-{Guid.NewGuid():N}")).FullName;

    public string File(string name) => System.IO.Path.Combine(Path, name);

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
