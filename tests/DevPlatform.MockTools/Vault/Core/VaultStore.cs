using System.Text.Json;

namespace DevPlatform.MockTools.Vault.Core;

/// <summary>The state behind one lock. Reads and writes are short; work on databases happens outside of it.</summary>
internal sealed class VaultStore
{
    private readonly Lock _gate = new();
    private readonly VaultData _data;
    private readonly string? _file;

    public VaultStore(IConfiguration configuration)
    {
        _file = configuration["Vault:Data"] is { Length: > 0 } file ? file : null;
        _data = _file is not null && File.Exists(_file) ? JsonSerializer.Deserialize<VaultData>(File.ReadAllText(_file))! : new VaultData();
    }

    public T Read<T>(Func<VaultData, T> read)
    {
        lock (_gate)
        {
            return read(_data);
        }
    }

    /// <summary>Changes the state; on disk before this returns.</summary>
    public T Write<T>(Func<VaultData, T> change)
    {
        lock (_gate)
        {
            var result = change(_data);
            if (_file is not null)
            {
                Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(_file))!);
                File.WriteAllText(_file + ".new", JsonSerializer.Serialize(_data));
                File.Move(_file + ".new", _file, overwrite: true);
            }

            return result;
        }
    }

    public void Write(Action<VaultData> change) => Write(data =>
    {
        change(data);
        return 0;
    });
}
