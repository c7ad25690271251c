using System.Text;
using LibGit2Sharp;
using Npgsql;

namespace DevPlatform.Scaffolder.Tests.Faults;

/// <summary>A secret that must be found nowhere: neither as it is nor in the encodings in which texts and bytes are stored and printed.</summary>
internal sealed class Canary
{
    private readonly string[] _forms;

    public Canary(string value)
    {
        Value = value;
        var bytes = Encoding.UTF8.GetBytes(value);
        // Of base64 only what does not depend on the neighbouring bytes, for each of the three places where the secret may begin.
        var base64 = Enumerable.Range(0, 3).Select(offset => Convert.ToBase64String([.. new byte[offset], .. bytes])[(offset == 0 ? 0 : 4)..^4]);
        _forms = [value, Convert.ToHexString(bytes), Convert.ToHexStringLower(bytes), Uri.EscapeDataString(value), .. base64];
    }

    public string Value { get; }

    public bool IsIn(string text) => _forms.Any(form => text.Contains(form, StringComparison.Ordinal));

    public bool IsIn(byte[] bytes) => IsIn(Encoding.UTF8.GetString(bytes));

    /// <summary>Tables of any schema with a row that shows it.</summary>
    public async Task<IReadOnlyList<string>> FindInDatabaseAsync(string connectionString)
    {
        await using var source = NpgsqlDataSource.Create(connectionString);
        var found = new List<string>();
        foreach (var table in await ReadAsync(source, "select format('%I.%I', schemaname, tablename) from pg_tables where schemaname not in ('pg_catalog', 'information_schema')"))
        {
            found.AddRange((await ReadAsync(source, $"select t::text from {table} t")).Where(IsIn).Select(row => $"{table}: {row}"));
        }

        return found;
    }

    /// <summary>Objects of a repository that show it, reachable or not.</summary>
    public IReadOnlyList<string> FindInRepository(string directory)
    {
        using var repository = new Repository(directory);
        return [.. repository.ObjectDatabase.Where(o => o switch
        {
            Blob blob => IsIn(Read(blob)),
            Commit commit => IsIn(commit.Message + commit.Author + commit.Committer),
            Tree tree => tree.Any(e => IsIn(e.Name)),
            _ => false,
        }).Select(o => o.Sha)];
    }

    /// <summary>Files below a directory that show it; locks, which living processes hold, are empty.</summary>
    public IReadOnlyList<string> FindInFiles(string directory) =>
        [.. Directory.EnumerateFiles(directory, "*", SearchOption.AllDirectories).Where(file => !file.EndsWith(".lock", StringComparison.Ordinal)).Where(file => IsIn(file) || IsIn(File.ReadAllBytes(file)))];

    private static byte[] Read(Blob blob)
    {
        using var content = new MemoryStream();
        using var stream = blob.GetContentStream();
        stream.CopyTo(content);
        return content.ToArray();
    }

    private static async Task<List<string>> ReadAsync(NpgsqlDataSource source, string sql)
    {
        var values = new List<string>();
        await using var command = source.CreateCommand(sql);
        await using var reader = await command.ExecuteReaderAsync();
        while (await reader.ReadAsync())
        {
            values.Add(reader.GetString(0));
        }

        return values;
    }
}
