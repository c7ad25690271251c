using System.Text.Json.Nodes;
using DevPlatform.MockTools.Json;
using DevPlatform.MockTools.Kubernetes.Types;

namespace DevPlatform.MockTools.Kubernetes.Objects;

/// <summary>How a write is to be done: query parameters and the caller.</summary>
internal sealed record WriteOptions(string Manager, bool DryRun = false, bool Force = false, string FieldValidation = "Warn", string Subresource = "");

/// <summary>Creates, replaces, patches and deletes objects, with what follows from it: kinds, garbage collection, ends of namespaces.</summary>
internal sealed class ObjectWriter(ObjectStore store, TypeRegistry types, TimeProvider time)
{
    private static readonly ResourceType Definitions = InstalledTypes.All.First(t => t.Kind == "CustomResourceDefinition");
    private static readonly ResourceType Namespaces = InstalledTypes.All.First(t => t.Kind == "Namespace");

    /// <summary>The object as it is now and whether it was made by this call.</summary>
    public JsonObject Create(ResourceType type, string @namespace, JsonObject body, WriteOptions options)
    {
        ObjectRules.Match(type, @namespace, name: null, body);
        if (body.Text("metadata", "resourceVersion") is { Length: > 0 })
        {
            throw KubernetesException.BadRequest("resourceVersion should not be set on objects to be created");
        }

        return Commit(options, transaction =>
        {
            var metadata = body.Child("metadata");
            if (metadata.Text("name") is not { Length: > 0 } && metadata.Text("generateName") is { Length: > 0 } prefix)
            {
                metadata["name"] = prefix + Guid.NewGuid().ToString("n")[..5];
            }

            var key = ObjectKey.Of(type, @namespace, metadata.Text("name") ?? "");
            if (transaction.Get(key) is not null)
            {
                throw KubernetesException.AlreadyExists(type, key.Name);
            }

            CheckNamespace(transaction, type, key);
            ObjectRules.Begin(type, body, time.GetUtcNow());
            ObjectRules.Check(type, body, options.FieldValidation);
            FieldOwnership.RecordUpdate(before: null, body, options.Manager, "", time.GetUtcNow());
            return Store(transaction, type, key, body);
        });
    }

    public JsonObject Replace(ResourceType type, string @namespace, string name, JsonObject body, WriteOptions options)
    {
        ObjectRules.Match(type, @namespace, name, body);
        return Commit(options, transaction => Update(transaction, type, ObjectKey.Of(type, @namespace, name), options, stored =>
        {
            if (type.Custom && body.Text("metadata", "resourceVersion") is not { Length: > 0 })
            {
                throw KubernetesException.Invalid(type, name, [FieldError.Invalid("metadata.resourceVersion", 0, "must be specified for an update")]);
            }

            return body.Copy();
        }));
    }

    /// <summary>Merge, JSON or strategic merge patch. The last is done as a merge patch: lists are replaced, not merged.</summary>
    public JsonObject Patch(ResourceType type, string @namespace, string name, JsonNode patch, WriteOptions options) =>
        Commit(options, transaction => Update(transaction, type, ObjectKey.Of(type, @namespace, name), options, stored =>
        {
            var patched = patch is JsonArray operations ? Patches.Apply(stored, operations) : Patches.Merge(stored, patch);
            var body = patched as JsonObject ?? throw KubernetesException.BadRequest("the patch does not leave an object");
            ObjectRules.Match(type, @namespace, name, body);
            if (patch is JsonObject && patch.Text("metadata", "resourceVersion") is null)
            {
                body.Child("metadata").Remove("resourceVersion");
            }

            return body;
        }));

    /// <summary>Server-side apply: creates the object when it is not there.</summary>
    public (JsonObject Object, bool Created) Apply(ResourceType type, string @namespace, string name, JsonObject body, WriteOptions options)
    {
        ObjectRules.Match(type, @namespace, name, body);
        body.Child("metadata").Remove("managedFields");
        var key = ObjectKey.Of(type, @namespace, name);
        var created = false;
        var result = Commit(options, transaction =>
        {
            // Pruned first, so that nobody owns fields that are not there; after strictness was asked for.
            ObjectRules.Check(type, type.Schema is null ? body.Copy() : body, options.FieldValidation);
            if (transaction.Get(key) is not null)
            {
                return Update(transaction, type, key, options, stored => FieldOwnership.Apply(stored, body, options.Manager, options.Force, time.GetUtcNow()), applied: true);
            }

            created = true;
            CheckNamespace(transaction, type, key);
            var fresh = FieldOwnership.Apply(new JsonObject { ["apiVersion"] = type.ApiVersion, ["kind"] = type.Kind, ["metadata"] = new JsonObject() }, body, options.Manager, options.Force, time.GetUtcNow());
            ObjectRules.Begin(type, fresh, time.GetUtcNow());
            return Store(transaction, type, key, fresh);
        });
        return (result, created);
    }

    /// <summary>Removes the object, or marks it for deletion while it has finalizers.</summary>
    public (JsonObject Object, bool Gone) Delete(ResourceType type, string @namespace, string name, JsonObject? preconditions, WriteOptions options)
    {
        var gone = false;
        var key = ObjectKey.Of(type, @namespace, name);
        var result = Commit(options, transaction =>
        {
            var stored = transaction.Get(key) ?? throw KubernetesException.NotFound(type, name);
            foreach (var field in (string[])["uid", "resourceVersion"])
            {
                if (preconditions.Text(field) is { } expected && expected != stored.Text("metadata", field))
                {
                    throw KubernetesException.Conflict(type, name, $"Precondition failed: {(field == "uid" ? "UID" : field)} in precondition: {expected}, {(field == "uid" ? "UID" : field)} in object meta: {stored.Text("metadata", field)}");
                }
            }

            var last = Delete(transaction, key, stored);
            gone = transaction.Get(key) is null;
            return last;
        });
        return (result, gone);
    }

    private JsonObject Update(StoreTransaction transaction, ResourceType type, ObjectKey key, WriteOptions options, Func<JsonObject, JsonObject> change, bool applied = false)
    {
        var stored = transaction.Get(key) ?? throw KubernetesException.NotFound(type, key.Name);
        var body = change(stored);
        if (body.Text("metadata", "resourceVersion") is { Length: > 0 } version && version != stored.Text("metadata", "resourceVersion"))
        {
            throw KubernetesException.Conflict(type, key.Name, "the object has been modified; please apply your changes to the latest version and try again");
        }

        if (body.Text("metadata", "uid") is { } uid && uid != stored.Text("metadata", "uid"))
        {
            throw KubernetesException.Conflict(type, key.Name, $"Precondition failed: UID in precondition: {uid}, UID in object meta: {stored.Text("metadata", "uid")}");
        }

        ObjectRules.Continue(type, stored, body, options.Subresource == "status");
        ObjectRules.Check(type, body, options.FieldValidation);
        if (!applied)
        {
            FieldOwnership.RecordUpdate(stored, body, options.Manager, options.Subresource, time.GetUtcNow());
        }

        if (Same(stored, body))
        {
            return stored;
        }

        if (body.Text("metadata", "deletionTimestamp") is not null && !HasFinalizers(body))
        {
            return Finish(transaction, key);
        }

        return Store(transaction, type, key, body);
    }

    private T Commit<T>(WriteOptions options, Func<StoreTransaction, T> change)
    {
        if (options.DryRun)
        {
            return change(new StoreTransaction(store.Current));
        }

        return store.Write(transaction =>
        {
            var result = change(transaction);
            if (transaction.Events.Any(e => e.Key.IsOf(Definitions)))
            {
                types.Define(transaction.Result.Objects.Where(o => o.Key.IsOf(Definitions)).Select(o => o.Value));
            }

            return result;
        });
    }

    private JsonObject Store(StoreTransaction transaction, ResourceType type, ObjectKey key, JsonObject body)
    {
        if (type.Kind == "CompositeResourceDefinition")
        {
            foreach (var definition in CompositeDefinitions.Expand(body))
            {
                Define(transaction, definition);
            }

            body["status"] = new JsonObject
            {
                ["conditions"] = new JsonArray(
                [
                    Condition("Established", "WatchingCompositeResource", body),
                    .. body.At("spec", "claimNames") is null ? [] : new[] { Condition("Offered", "WatchingCompositeResourceClaim", body) },
                ]),
            };
        }
        else if (key.IsOf(Definitions))
        {
            body["status"] = new JsonObject { ["conditions"] = new JsonArray(Condition("Established", "InitialNamesAccepted", body), Condition("NamesAccepted", "NoConflicts", body)) };
        }

        return transaction.Put(key, body);
    }

    private JsonObject Condition(string type, string reason, JsonObject owner) => new()
    {
        ["type"] = type,
        ["status"] = "True",
        ["reason"] = reason,
        ["lastTransitionTime"] = owner.Text("metadata", "creationTimestamp") ?? ObjectRules.Timestamp(time.GetUtcNow()),
    };

    private void Define(StoreTransaction transaction, JsonObject definition)
    {
        var key = ObjectKey.Of(Definitions, "", definition.Text("metadata", "name")!);
        var stored = transaction.Get(key);
        ObjectRules.Begin(Definitions, definition, time.GetUtcNow());
        if (stored is not null)
        {
            ObjectRules.Continue(Definitions, stored, definition, statusOnly: false);
        }

        if (stored is null || !JsonNode.DeepEquals(stored["spec"], definition["spec"]))
        {
            Store(transaction, Definitions, key, definition);
        }
    }

    private JsonObject Delete(StoreTransaction transaction, ObjectKey key, JsonObject stored)
    {
        if (stored.Text("metadata", "deletionTimestamp") is not null)
        {
            return stored;
        }

        var contents = key.IsOf(Namespaces) ? transaction.Result.Objects.Where(o => o.Key.Namespace == key.Name).ToArray() : [];
        if (!HasFinalizers(stored) && contents.Length == 0)
        {
            return Finish(transaction, key);
        }

        var marked = stored.Copy();
        var metadata = marked.Child("metadata");
        metadata["deletionTimestamp"] = ObjectRules.Timestamp(time.GetUtcNow());
        metadata["deletionGracePeriodSeconds"] = 0;
        metadata["generation"] = (metadata["generation"]?.GetValue<long>() ?? 0) + 1;
        if (key.IsOf(Namespaces))
        {
            marked.Child("status")["phase"] = "Terminating";
        }

        transaction.Put(key, marked);
        foreach (var (inner, value) in contents.Where(c => transaction.Get(c.Key) is not null))
        {
            Delete(transaction, inner, value);
        }

        return transaction.Get(key) ?? marked;
    }

    /// <summary>Removes the object for good, then what it owned and the terminating namespace it was the last of.</summary>
    private JsonObject Finish(StoreTransaction transaction, ObjectKey key)
    {
        var last = transaction.Remove(key);
        var uid = last.Text("metadata", "uid");
        foreach (var (dependent, value) in transaction.Result.Objects.Where(o => IsOwnedOnlyBy(o.Value, uid)).ToArray())
        {
            if (transaction.Get(dependent) is not null)
            {
                Delete(transaction, dependent, value);
            }
        }

        if (key.Namespace.Length > 0 && !transaction.Result.Objects.Any(o => o.Key.Namespace == key.Namespace)
            && ObjectKey.Of(Namespaces, "", key.Namespace) is var home
            && transaction.Get(home) is { } terminating && terminating.Text("metadata", "deletionTimestamp") is not null && !HasFinalizers(terminating))
        {
            Finish(transaction, home);
        }

        return last;
    }

    private static void CheckNamespace(StoreTransaction transaction, ResourceType type, ObjectKey key)
    {
        if (!type.Namespaced)
        {
            return;
        }

        var home = transaction.Get(ObjectKey.Of(Namespaces, "", key.Namespace)) ?? throw KubernetesException.NotFound(Namespaces, key.Namespace);
        if (home.Text("metadata", "deletionTimestamp") is not null)
        {
            throw new KubernetesException(403, "Forbidden", $"{type.Resource} \"{key.Name}\" is forbidden: unable to create new content in namespace {key.Namespace} because it is being terminated", KubernetesException.Details(type, key.Name));
        }
    }

    private static bool HasFinalizers(JsonObject candidate) => candidate.At("metadata", "finalizers") is JsonArray { Count: > 0 };

    private static bool IsOwnedOnlyBy(JsonObject candidate, string? uid) =>
        candidate.Objects("metadata", "ownerReferences").ToArray() is { Length: > 0 } owners && owners.All(o => o.Text("uid") == uid);

    private static bool Same(JsonObject stored, JsonObject body)
    {
        var (a, b) = (stored.Copy(), body.Copy());
        a.Child("metadata").Remove("resourceVersion");
        b.Child("metadata").Remove("resourceVersion");
        return JsonNode.DeepEquals(a, b);
    }
}
