using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using DevPlatform.MockTools.Json;
using DevPlatform.MockTools.Kubernetes.Client;

namespace DevPlatform.MockTools.Crossplane;

/// <summary>
/// One claim: its composite resource, the resources composed of that, and the conditions of all of them. When the time is up the claimed thing
/// is made for real, and only then is the claim Ready. Annotation <c>mock.devplatform.io/fail</c> makes it fail with the given message.
/// </summary>
internal sealed class ClaimReconciler(ClusterClient cluster, CrossplaneOptions options, PostgresProvider postgres, VaultProvider vault, TimeProvider time)
{
    private const string ClaimFinalizer = "finalizer.apiextensions.crossplane.io";
    private const string CompositeFinalizer = "composite.apiextensions.crossplane.io";
    private const string ManagedFinalizer = "finalizer.managedresource.crossplane.io";
    private const string FailAnnotation = "mock.devplatform.io/fail";

    // When each claim was last found complete, by uid and generation.
    private readonly Dictionary<string, DateTimeOffset> _complete = new(StringComparer.Ordinal);

    public static string ApiVersion(JsonObject definition) =>
        $"{definition.Text("spec", "group")}/{definition.Objects("spec", "versions").First(v => v["referenceable"]?.GetValue<bool>() != false).Text("name")}";

    public async Task ReconcileAsync(JsonObject definition, JsonObject claim, CancellationToken cancellationToken)
    {
        var subject = new Subject(definition, claim);
        if (claim.Text("metadata", "deletionTimestamp") is not null)
        {
            await DeleteAsync(subject, cancellationToken);
            return;
        }

        var complete = $"{claim.Text("metadata", "uid")}/{claim.At("metadata", "generation")}";
        var fail = claim.Text("metadata", "annotations", FailAnnotation);
        if (fail is null && Condition.IsTrue(claim, "Ready") && _complete.TryGetValue(complete, out var last) && time.GetUtcNow() - last < TimeSpan.FromSeconds(options.PollSeconds))
        {
            return;
        }

        if (claim.Text("metadata", "annotations", "crossplane.io/paused") == "true")
        {
            await SetClaimAsync(subject, [new Condition("Synced", false, "ReconcilePaused", "Reconciliation is paused via the pause annotation")], null, cancellationToken);
            return;
        }

        var composite = await EnsureCompositeAsync(subject, cancellationToken);
        if (fail is not null)
        {
            await SetAsync(subject.CompositeAddress, composite, [Condition.ReconcileError(fail), Condition.Creating()], null, cancellationToken);
            await SetClaimAsync(subject, [Condition.ReconcileError(fail), Waiting], null, cancellationToken);
            return;
        }

        var composed = await EnsureComposedAsync(subject, composite, cancellationToken);
        if (Condition.IsTrue(composite, "Ready") && subject.IsPostgres && _complete.ContainsKey(complete) && await postgres.ExistsAsync(subject.Namespace, subject.Name, cancellationToken))
        {
            _complete[complete] = time.GetUtcNow();
        }
        else if (await AdvanceAsync(subject, composite, composed, cancellationToken))
        {
            _complete[complete] = time.GetUtcNow();
        }
    }

    private static Condition Waiting => new("Ready", false, "Waiting", "Claim is waiting for composite resource to become Ready");

    /// <summary>Whether everything is Ready now.</summary>
    private async Task<bool> AdvanceAsync(Subject subject, JsonObject composite, IReadOnlyList<(string Name, string Address, JsonObject Resource)> composed, CancellationToken cancellationToken)
    {
        var created = DateTimeOffset.Parse(composite.Text("metadata", "creationTimestamp")!);
        if (time.GetUtcNow() - created < TimeSpan.FromSeconds(options.ReadySeconds))
        {
            await WaitAsync(subject, composite, composed, Condition.Synced, cancellationToken);
            return false;
        }

        JsonObject? status;
        try
        {
            status = subject.IsPostgres
                ? await postgres.EnsureAsync(subject.Namespace, subject.Name, cancellationToken)
                : await EnsureAsync(subject, composed, cancellationToken);
        }
        catch (Exception error) when (error is not OperationCanceledException)
        {
            // The claim only waits: what is down comes back, and then this goes on.
            await WaitAsync(subject, composite, composed, Condition.ReconcileError($"cannot create: {error.Message}"), cancellationToken);
            throw;
        }

        foreach (var (_, address, resource) in composed)
        {
            await SetAsync(address, resource, [Condition.Synced, Condition.Available], null, cancellationToken);
        }

        await SetAsync(subject.CompositeAddress, composite, [Condition.Synced, Condition.Available], status, cancellationToken);
        var fields = status?.Copy() ?? [];
        if (subject.Claim.Text("spec", "writeConnectionSecretToRef", "name") is { } secret && status is not null)
        {
            var published = await PublishAsync(subject, secret, status, cancellationToken);
            fields["connectionDetails"] = new JsonObject { ["lastPublishedTime"] = published };
        }

        await SetClaimAsync(subject, [Condition.Synced, Condition.Available], fields, cancellationToken);
        return true;
    }

    // What Kubernetes operators would run is not there; what Vault is told is.
    private async Task<JsonObject> EnsureAsync(Subject subject, IReadOnlyList<(string Name, string Address, JsonObject Resource)> composed, CancellationToken cancellationToken)
    {
        var composition = (await cluster.GetAsync($"apis/apiextensions.crossplane.io/v1/compositions/{subject.Composition}", cancellationToken))!;
        await vault.EnsureAsync(composed.Select(c => c.Resource), cancellationToken);
        return CompositionRenderer.Status(composition, composed.ToDictionary(c => c.Name, c => c.Resource));
    }

    private async Task WaitAsync(Subject subject, JsonObject composite, IReadOnlyList<(string Name, string Address, JsonObject Resource)> composed, Condition synced, CancellationToken cancellationToken)
    {
        foreach (var (_, address, resource) in composed)
        {
            await SetAsync(address, resource, [synced, Condition.Creating()], null, cancellationToken);
        }

        var unready = composed.Count == 0 ? null : $"Unready resources: {string.Join(", ", composed.Select(c => c.Name))}";
        await SetAsync(subject.CompositeAddress, composite, [Condition.Synced, Condition.Creating(unready)], null, cancellationToken);
        await SetClaimAsync(subject, [Condition.Synced, Waiting], null, cancellationToken);
    }

    private async Task<JsonObject> EnsureCompositeAsync(Subject subject, CancellationToken cancellationToken)
    {
        if (subject.Claim.At("metadata", "finalizers") is not JsonArray { Count: > 0 } || subject.Claim.Text("spec", "resourceRef", "name") is null)
        {
            await cluster.MergeAsync(subject.ClaimAddress, new JsonObject
            {
                ["metadata"] = new JsonObject { ["finalizers"] = Finalizers(subject.Claim) },
                ["spec"] = new JsonObject
                {
                    ["resourceRef"] = new JsonObject { ["apiVersion"] = subject.ApiVersion, ["kind"] = subject.CompositeKind, ["name"] = subject.CompositeName },
                    ["compositionRef"] = new JsonObject { ["name"] = subject.Composition },
                },
            }, cancellationToken);
        }

        var spec = ((JsonObject)subject.Claim["spec"]!).Copy();
        foreach (var own in (string[])["resourceRef", "writeConnectionSecretToRef", "compositeDeletePolicy"])
        {
            spec.Remove(own);
        }

        spec["claimRef"] = new JsonObject { ["apiVersion"] = subject.ApiVersion, ["kind"] = subject.Claim.Text("kind"), ["namespace"] = subject.Namespace, ["name"] = subject.Name };
        spec["compositionRef"] = new JsonObject { ["name"] = subject.Composition };
        var labels = subject.Claim.At("metadata", "labels")?.DeepClone() as JsonObject ?? [];
        labels["crossplane.io/claim-name"] = subject.Name;
        labels["crossplane.io/claim-namespace"] = subject.Namespace;
        labels["crossplane.io/composite"] = subject.CompositeName;
        return await cluster.ApplyAsync(subject.CompositeAddress, new JsonObject
        {
            ["apiVersion"] = subject.ApiVersion,
            ["kind"] = subject.CompositeKind,
            ["metadata"] = new JsonObject { ["name"] = subject.CompositeName, ["labels"] = labels, ["finalizers"] = new JsonArray(CompositeFinalizer) },
            ["spec"] = spec,
        }, cancellationToken);
    }

    private async Task<IReadOnlyList<(string Name, string Address, JsonObject Resource)>> EnsureComposedAsync(Subject subject, JsonObject composite, CancellationToken cancellationToken)
    {
        var composition = await cluster.GetAsync($"apis/apiextensions.crossplane.io/v1/compositions/{subject.Composition}", cancellationToken)
            ?? throw new InvalidOperationException($"cannot select Composition: Composition \"{subject.Composition}\" not found");
        var composed = new List<(string, string, JsonObject)>();
        foreach (var (name, resource) in CompositionRenderer.Render(composition, composite))
        {
            var metadata = resource.Child("metadata");
            metadata["name"] = $"{subject.CompositeName}-{Suffix(name)}";
            metadata.Child("labels")["crossplane.io/composite"] = subject.CompositeName;
            metadata.Child("labels")["crossplane.io/claim-name"] = subject.Name;
            metadata.Child("labels")["crossplane.io/claim-namespace"] = subject.Namespace;
            metadata.Child("annotations")["crossplane.io/composition-resource-name"] = name;
            metadata.Child("annotations")["crossplane.io/external-name"] = $"{subject.Namespace}-{subject.Name}";
            metadata["finalizers"] = new JsonArray(ManagedFinalizer);
            metadata["ownerReferences"] = new JsonArray(new JsonObject
            {
                ["apiVersion"] = subject.ApiVersion,
                ["kind"] = subject.CompositeKind,
                ["name"] = subject.CompositeName,
                ["uid"] = composite.Text("metadata", "uid"),
                ["controller"] = true,
                ["blockOwnerDeletion"] = true,
            });
            var address = await cluster.AddressAsync(resource.Text("apiVersion")!, resource.Text("kind")!, null, metadata.Text("name")!, cancellationToken);
            composed.Add((name, address, await cluster.ApplyAsync(address, resource, cancellationToken)));
        }

        var references = new JsonArray([.. composed.Select(c => new JsonObject { ["apiVersion"] = c.Item3.Text("apiVersion"), ["kind"] = c.Item3.Text("kind"), ["name"] = c.Item3.Text("metadata", "name") })]);
        if (!JsonNode.DeepEquals(composite.At("spec", "resourceRefs"), references))
        {
            await cluster.MergeAsync(subject.CompositeAddress, new JsonObject { ["spec"] = new JsonObject { ["resourceRefs"] = references } }, cancellationToken);
        }

        return composed;
    }

    /// <summary>Writes where the database is into the claim's Secret; a login to it comes from Vault only.</summary>
    private async Task<string> PublishAsync(Subject subject, string name, JsonObject status, CancellationToken cancellationToken)
    {
        string Encode(string? value) => Convert.ToBase64String(Encoding.UTF8.GetBytes(value ?? ""));
        var secret = await cluster.ApplyAsync($"api/v1/namespaces/{subject.Namespace}/secrets/{name}", new JsonObject
        {
            ["apiVersion"] = "v1",
            ["kind"] = "Secret",
            ["metadata"] = new JsonObject
            {
                ["name"] = name,
                ["ownerReferences"] = new JsonArray(new JsonObject
                {
                    ["apiVersion"] = subject.ApiVersion,
                    ["kind"] = subject.Claim.Text("kind"),
                    ["name"] = subject.Name,
                    ["uid"] = subject.Claim.Text("metadata", "uid"),
                    ["controller"] = true,
                }),
            },
            ["type"] = "connection.crossplane.io/v1alpha1",
            ["data"] = new JsonObject([.. new[]
            {
                KeyValuePair.Create("host", status.Text("host")),
                KeyValuePair.Create("port", status["port"]?.ToString()),
                KeyValuePair.Create("database", status.Text("database", "name")),
                KeyValuePair.Create("bucket", status.Text("bucket")),
            }.Where(d => d.Value is not null).Select(d => KeyValuePair.Create(d.Key, (JsonNode?)Encode(d.Value)))]),
        }, cancellationToken);
        return secret.Text("metadata", "creationTimestamp")!;
    }

    private async Task DeleteAsync(Subject subject, CancellationToken cancellationToken)
    {
        if (subject.Claim.At("metadata", "finalizers") is not JsonArray { Count: > 0 })
        {
            return;
        }

        await SetClaimAsync(subject, [Condition.Synced, Condition.Deleting], null, cancellationToken);
        if (await cluster.GetAsync(subject.CompositeAddress, cancellationToken) is { } composite)
        {
            await cluster.DeleteAsync(subject.CompositeAddress, cancellationToken);
            if (subject.IsPostgres)
            {
                await postgres.DropAsync(subject.Namespace, subject.Name, cancellationToken);
            }

            foreach (var reference in composite.Objects("spec", "resourceRefs"))
            {
                var address = await cluster.AddressAsync(reference.Text("apiVersion")!, reference.Text("kind")!, null, reference.Text("name")!, cancellationToken);
                if (!subject.IsPostgres && await cluster.GetAsync(address, cancellationToken) is { } composed)
                {
                    await vault.DropAsync(composed, cancellationToken);
                }

                await cluster.DeleteAsync(address, cancellationToken);
                await ReleaseAsync(address, cancellationToken);
            }

            await ReleaseAsync(subject.CompositeAddress, cancellationToken);
        }

        await ReleaseAsync(subject.ClaimAddress, cancellationToken);
    }

    private async Task ReleaseAsync(string address, CancellationToken cancellationToken)
    {
        if (await cluster.GetAsync(address, cancellationToken) is not null)
        {
            await cluster.MergeAsync(address, new JsonObject { ["metadata"] = new JsonObject { ["finalizers"] = new JsonArray() } }, cancellationToken);
        }
    }

    private Task SetClaimAsync(Subject subject, IReadOnlyList<Condition> conditions, JsonObject? fields, CancellationToken cancellationToken) =>
        SetAsync(subject.ClaimAddress, subject.Claim, conditions, fields, cancellationToken);

    private Task SetAsync(string address, JsonObject target, IReadOnlyList<Condition> conditions, JsonObject? fields, CancellationToken cancellationToken) =>
        cluster.SetStatusAsync(address, target, time.GetUtcNow(), conditions, fields, cancellationToken);

    private static JsonArray Finalizers(JsonObject claim)
    {
        var others = (claim.At("metadata", "finalizers") as JsonArray ?? []).Select(f => f!.GetValue<string>()).Where(f => f != ClaimFinalizer);
        return new JsonArray([.. others.Append(ClaimFinalizer).Select(f => JsonValue.Create(f))]);
    }

    private static string Suffix(string seed) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(seed)))[..5];

    /// <summary>A claim with the names that follow from it and its definition.</summary>
    private sealed class Subject(JsonObject definition, JsonObject claim)
    {
        public JsonObject Claim => claim;

        public string Namespace { get; } = claim.Text("metadata", "namespace")!;

        public string Name { get; } = claim.Text("metadata", "name")!;

        public string ApiVersion { get; } = ClaimReconciler.ApiVersion(definition);

        public string CompositeKind { get; } = definition.Text("spec", "names", "kind")!;

        public string CompositeName { get; } = claim.Text("spec", "resourceRef", "name") ?? $"{claim.Text("metadata", "name")}-{Suffix(claim.Text("metadata", "uid")!)}";

        public string Composition { get; } = claim.Text("spec", "compositionRef", "name") ?? definition.Text("spec", "defaultCompositionRef", "name")
            ?? throw new InvalidOperationException("cannot select Composition: the claim names none and the definition has no default");

        public bool IsPostgres { get; } = claim.Text("kind") == "PostgreSQLInstance";

        public string ClaimAddress => $"{ClusterClient.Collection(ApiVersion, definition.Text("spec", "claimNames", "plural")!, Namespace)}/{Name}";

        public string CompositeAddress => $"{ClusterClient.Collection(ApiVersion, definition.Text("spec", "names", "plural")!)}/{CompositeName}";
    }
}
