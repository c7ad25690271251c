using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Nodes;
using DevPlatform.MockTools.Json;
using DevPlatform.MockTools.Kubernetes.Objects;
using DevPlatform.MockTools.Kubernetes.Types;

namespace DevPlatform.MockTools.Kubernetes;

/// <summary>Loads the saved objects and the manifests before the server listens, and saves every change.</summary>
internal sealed class ClusterState(KubernetesOptions options, ObjectStore store, ObjectWriter writer, TypeRegistry types, ILogger<ClusterState> log) : BackgroundService
{
    private static readonly string[] StandardNamespaces = ["default", "kube-system", "argocd", "crossplane-system"];

    // What others need to exist first.
    private static readonly string[] Order = ["Namespace", "CustomResourceDefinition", "CompositeResourceDefinition"];

    public override async Task StartAsync(CancellationToken cancellationToken)
    {
        Load();
        foreach (var name in StandardNamespaces)
        {
            Apply(new JsonObject { ["apiVersion"] = "v1", ["kind"] = "Namespace", ["metadata"] = new JsonObject { ["name"] = name } }, "the standard namespaces");
        }

        var manifests = options.Manifests.SelectMany(Read).ToArray();
        foreach (var (file, manifest) in manifests.OrderBy(m => Array.IndexOf(Order, m.Manifest.Text("kind")) is var i and >= 0 ? i : Order.Length))
        {
            Apply(manifest, file);
        }

        await base.StartAsync(cancellationToken);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (options.Data is null)
        {
            return;
        }

        var saved = -1L;
        while (true)
        {
            var changed = store.Changed;
            if (store.Current is { } current && current.Version != saved)
            {
                await SaveAsync(current);
                saved = current.Version;
            }

            if (stoppingToken.IsCancellationRequested)
            {
                return;
            }

            await Task.WhenAny(changed, Task.Delay(Timeout.Infinite, stoppingToken));
        }
    }

    private void Load()
    {
        if (options.Data is null || !File.Exists(options.Data))
        {
            return;
        }

        var saved = JsonNode.Parse(File.ReadAllText(options.Data))!;
        var objects = saved.Objects("objects").ToImmutableSortedDictionary(
            o => new ObjectKey(o.Text("group")!, o.Text("plural")!, o.Text("object", "metadata", "namespace") ?? "", o.Text("object", "metadata", "name")!),
            o => ((JsonObject)o["object"]!).Copy());
        store.Load(new StoreSnapshot(objects, saved["version"]!.GetValue<long>()));
        types.Define(objects.Where(o => o.Value.Text("kind") == "CustomResourceDefinition").Select(o => o.Value));
        log.LogInformation("{Count} objects loaded from {File}", objects.Count, options.Data);
    }

    private async Task SaveAsync(StoreSnapshot snapshot)
    {
        var content = new JsonObject
        {
            ["version"] = snapshot.Version,
            ["objects"] = new JsonArray([.. snapshot.Objects.Select(o => new JsonObject { ["group"] = o.Key.Group, ["plural"] = o.Key.Plural, ["object"] = o.Value.DeepClone() })]),
        };
        var file = Path.GetFullPath(options.Data!);
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        await File.WriteAllTextAsync(file + ".new", content.ToJsonString(new JsonSerializerOptions(JsonExtensions.Plain) { WriteIndented = true }));
        File.Move(file + ".new", file, overwrite: true);
    }

    private IEnumerable<(string File, JsonObject Manifest)> Read(string directory)
    {
        if (!Directory.Exists(directory))
        {
            throw new InvalidOperationException($"Kubernetes:Manifests: '{directory}' does not exist; expected a directory of YAML files");
        }

        foreach (var file in Directory.EnumerateFiles(directory, "*.yaml", SearchOption.AllDirectories).Order(StringComparer.Ordinal))
        {
            var text = File.ReadAllText(file);
            if (text.Contains(Git.GitSeed.Placeholder))
            {
                text = text.Replace(Git.GitSeed.Placeholder, options.GitBaseUrl ?? throw new InvalidOperationException($"{file} names the Git server, but services:git:http:0 is not set"));
            }

            foreach (var manifest in YamlDocuments.Parse(text).OfType<JsonObject>())
            {
                yield return (file, manifest);
            }
        }
    }

    private void Apply(JsonObject manifest, string source)
    {
        var (apiVersion, kind) = (manifest.Text("apiVersion") ?? "", manifest.Text("kind") ?? "");
        var type = types.FindKind(apiVersion, kind)
            ?? throw new InvalidOperationException($"{source}: no matches for kind \"{kind}\" in version \"{apiVersion}\"");
        var home = type.Namespaced ? manifest.Text("metadata", "namespace") ?? "default" : "";
        try
        {
            writer.Apply(type, home, manifest.Text("metadata", "name") ?? "", manifest, new WriteOptions("manifests", Force: true, FieldValidation: "Strict"));
        }
        catch (KubernetesException error)
        {
            throw new InvalidOperationException($"{source}: {error.Message}", error);
        }
    }
}
