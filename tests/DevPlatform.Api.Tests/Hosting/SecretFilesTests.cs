using DevPlatform.Api.Hosting;
using DevPlatform.TestKit;
using Microsoft.AspNetCore.Builder;

namespace DevPlatform.Api.Tests.Hosting;

public sealed class SecretFilesTests : IDisposable
{
    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("devplatform-secrets-");

    public void Dispose() => _directory.Delete(recursive: true);

    [Fact]
    public async Task Win_over_other_settings_and_are_read_again_when_they_change()
    {
        await WriteAsync("Vault__Token", "first");
        var builder = WebApplication.CreateSlimBuilder([$"--Secrets:Directory={_directory.FullName}", "--Vault:Token=from the command line"]);
        builder.AddSecretFiles();
        builder.Configuration["Vault:Token"].ShouldBe("first");

        await WriteAsync("Vault__Token", "second");

        await Eventually.BeAsync(() => Task.FromResult(builder.Configuration["Vault:Token"] == "second"));
    }

    private Task WriteAsync(string name, string value) => File.WriteAllTextAsync(Path.Combine(_directory.FullName, name), value);
}
