using DevPlatform.TestKit;

namespace DevPlatform.PeerBenchmarks;

/// <summary>Where the measured programs are; <c>./dev bench peer</c> puts them there.</summary>
internal static class Programs
{
    public static string DevPlatform => Existing("artifacts", "publish", "DevPlatform.Api", "release_linux-x64", "DevPlatform.Api.dll");

    public static string Backstage => Path.GetDirectoryName(Existing("artifacts", "peer", "backend.cjs"))!;

    private static string Existing(params string[] parts)
    {
        var path = Repository.PathOf(parts);
        return File.Exists(path) ? path : throw new FileNotFoundException($"{path} is missing: start the benchmarks with ./dev bench peer, which makes it.");
    }
}
