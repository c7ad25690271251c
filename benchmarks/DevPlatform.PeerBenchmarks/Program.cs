using DevPlatform.PeerBenchmarks;
using DevPlatform.PeerBenchmarks.Data;
using DevPlatform.PeerBenchmarks.Portal;
using DevPlatform.PeerBenchmarks.Systems;
using DevPlatform.TestKit;

switch (args)
{
    case ["bare", var url, var authority, var entities]:
        await BareEndpoint.ServeAsync(url, authority, entities);
        return 0;
    case ["generate", var directory, ..]:
        var made = new Options(args);
        CatalogFiles.Write(directory, EntityGenerator.Generate(made.Seed, made.Scale));
        return 0;
    case ["run", ..]:
        var options = new Options(args);
        var comparison = new Comparison(options, Repository.PathOf("artifacts", "benchmarks", "run"));
        var output = Path.Combine(Repository.Root, options.Output);
        Directory.CreateDirectory(Path.GetDirectoryName(output)!);
        await comparison.RunAsync(() => File.WriteAllText(output, Report.Write(options, comparison)));
        Console.WriteLine(Report.Write(options, comparison));
        return 0;
    case ["portal", ..]:
        Console.WriteLine(await PortalBenchmark.RunAsync(new Options(args), Repository.PathOf("artifacts", "benchmarks", "portal")));
        return 0;
    default:
        await Console.Error.WriteLineAsync(
            """
            run [--ours-only] [--rows by-name,facets] [--connections 8,32] [--seconds 15] [--scale 1] [--seed 42] [--idle-seconds 120] [--skip-growth] [--output <file>]
            portal [--scale 1] [--seed 42] [--visits 9]
            generate <directory> [--scale 1] [--seed 42]
            """);
        return 2;
}
