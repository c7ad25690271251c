using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;

namespace DevPlatform.MockTools.Git;

/// <summary>Knows the server's own URL and seeds the repositories once the address is known; requests wait until that is done.</summary>
internal sealed class GitServer(GitOptions options, GitSeed seed, IServer server) : IHostedLifecycleService
{
    private readonly TaskCompletionSource _seeded = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Without a slash at the end.</summary>
    public string BaseUrl { get; private set; } = "";

    public async Task WaitUntilSeededAsync(HttpContext context, RequestDelegate next)
    {
        await _seeded.Task.WaitAsync(context.RequestAborted);
        await next(context);
    }

    public Task StartedAsync(CancellationToken cancellationToken)
    {
        try
        {
            var address = options.BaseUrl ?? server.Features.Get<IServerAddressesFeature>()!.Addresses.First();
            BaseUrl = address.Replace("[::]", "localhost").Replace("0.0.0.0", "localhost").TrimEnd('/');
            seed.Apply(BaseUrl);
            _seeded.SetResult();
        }
        catch (Exception error)
        {
            _seeded.SetException(error);
            throw;
        }

        return Task.CompletedTask;
    }

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
