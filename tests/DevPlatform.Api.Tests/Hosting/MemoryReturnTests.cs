using System.Diagnostics;
using DevPlatform.Api.Hosting;
using Microsoft.Extensions.Time.Testing;

namespace DevPlatform.Api.Tests.Hosting;

public sealed class MemoryReturnTests
{
    private const int Blocks = 4096;
    private const int BlockBytes = 64 * 1024;
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(60);

    [Fact]
    public async Task Gives_back_what_is_no_longer_used_once_nothing_happens()
    {
        var time = new FakeTimeProvider();
        using var service = new MemoryReturn(time);
        await service.StartAsync(CancellationToken.None);
        var full = Fill();

        var clock = Stopwatch.StartNew();
        while (Committed() > full - (Blocks * BlockBytes / 2) && clock.Elapsed < Deadline)
        {
            time.Advance(MemoryReturn.Interval);
            await Task.Delay(50);
        }

        Committed().ShouldBeLessThan(full - (Blocks * BlockBytes / 2));
        await service.StopAsync(CancellationToken.None);
    }

    // What it takes is out of reach when it returns, but nobody has collected it.
    private static long Fill()
    {
        var blocks = Enumerable.Range(0, Blocks).Select(_ => new byte[BlockBytes]).ToList();
        GC.Collect();
        GC.KeepAlive(blocks);
        return Committed();
    }

    private static long Committed() => GC.GetGCMemoryInfo(GCKind.Any).TotalCommittedBytes;
}
