using System.Formats.Tar;
using System.IO.Compression;
using System.Security.Cryptography;
using DevPlatform.Scaffolder.Actions;

namespace DevPlatform.Scaffolder.Execution;

/// <summary>A workspace as one value for the database: tar.gz, the same bytes for the same files.</summary>
internal static class WorkspaceSnapshot
{
    private const UnixFileMode Plain =
        UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.OtherRead;

    private const UnixFileMode Executable = Plain | UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute;

    public static async Task<(byte[] Archive, string Hash)> PackAsync(Workspace workspace, CancellationToken cancellationToken)
    {
        using var plain = new MemoryStream();
        await using (var tar = new TarWriter(plain, TarEntryFormat.Gnu, leaveOpen: true))
        {
            foreach (var directory in Directory.EnumerateDirectories(workspace.Root, "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal))
            {
                await tar.WriteEntryAsync(Entry(TarEntryType.Directory, workspace.Relative(directory) + "/"), cancellationToken);
            }

            foreach (var file in workspace.Files())
            {
                var full = workspace.Resolve(file);
                var entry = Entry(TarEntryType.RegularFile, file);
                entry.Mode = Workspace.IsExecutable(full) ? Executable : Plain;
                await using var content = File.OpenRead(full);
                entry.DataStream = content;
                await tar.WriteEntryAsync(entry, cancellationToken);
            }
        }

        using var packed = new MemoryStream();
        await using (var gzip = new GZipStream(packed, CompressionLevel.Fastest, leaveOpen: true))
        {
            plain.Position = 0;
            await plain.CopyToAsync(gzip, cancellationToken);
        }

        return (packed.ToArray(), Convert.ToHexStringLower(SHA256.HashData(plain.GetBuffer().AsSpan(0, (int)plain.Length))));
    }

    public static async Task UnpackAsync(byte[] archive, Workspace workspace, CancellationToken cancellationToken)
    {
        using var plain = new MemoryStream();
        await using (var gzip = new GZipStream(new MemoryStream(archive), CompressionMode.Decompress))
        {
            await gzip.CopyToAsync(plain, cancellationToken);
        }

        // An archive of nothing is empty, which no reader of archives takes for one.
        if (plain.Length == 0)
        {
            return;
        }

        plain.Position = 0;
        await using var tar = new TarReader(plain);
        while (await tar.GetNextEntryAsync(copyData: false, cancellationToken) is { } entry)
        {
            if (entry.EntryType == TarEntryType.Directory)
            {
                Directory.CreateDirectory(workspace.Resolve(entry.Name.TrimEnd('/')));
                continue;
            }

            using var content = new MemoryStream();
            if (entry.DataStream is { } data)
            {
                await data.CopyToAsync(content, cancellationToken);
            }

            await workspace.WriteAsync(entry.Name, content.ToArray(), entry.Mode.HasFlag(UnixFileMode.UserExecute), cancellationToken);
        }
    }

    private static GnuTarEntry Entry(TarEntryType type, string name) =>
        new(type, name) { ModificationTime = DateTimeOffset.UnixEpoch, AccessTime = DateTimeOffset.UnixEpoch, ChangeTime = DateTimeOffset.UnixEpoch };
}
