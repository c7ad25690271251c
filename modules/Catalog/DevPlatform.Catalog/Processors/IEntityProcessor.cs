using System.Text.Json.Nodes;
using DevPlatform.Catalog.Entities;
using DevPlatform.Shared.Errors;

namespace DevPlatform.Catalog.Processors;

/// <summary>
/// A step of what happens to an entity between its source and the catalog. Register it in DI
/// (<c>services.AddSingleton&lt;IEntityProcessor, MyProcessor&gt;()</c>); processors run in the order of registration, each stage for all of them
/// before the next stage. What comes out must depend on nothing but the entity and the files read through the context: an unchanged source is
/// not processed again. A <see cref="PlatformException"/> refuses the entity and is shown with file and line; the rest of the source goes on.
/// </summary>
public interface IEntityProcessor
{
    /// <summary>Completes an entity as its author wrote it, which may be invalid yet.</summary>
    ValueTask PreProcessAsync(JsonObject entity, ProcessingContext context, CancellationToken cancellationToken) => ValueTask.CompletedTask;

    /// <summary>Rules that the entity breaks; one that breaks any is refused.</summary>
    IEnumerable<EntityProblem> Validate(JsonObject entity) => [];

    /// <summary>Changes a valid entity, or has further locations read.</summary>
    ValueTask PostProcessAsync(JsonObject entity, ProcessingContext context, CancellationToken cancellationToken) => ValueTask.CompletedTask;
}
