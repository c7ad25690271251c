using DevPlatform.MockTools.Hosting;

if (args is not [var name, ..] || !MockToolHost.Tools.ContainsKey(name))
{
    Console.Error.WriteLine($"usage: DevPlatform.MockTools <tool> [--Key=value …]; tools: {string.Join(", ", MockToolHost.Tools.Keys)}");
    return 2;
}

await using var app = MockToolHost.Build(name, args[1..]);
await app.RunAsync();
return 0;
