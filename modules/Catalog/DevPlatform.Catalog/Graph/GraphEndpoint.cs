using System.Buffers;
using System.Text.Json;
using DevPlatform.Catalog.Contracts;
using DevPlatform.Catalog.Entities;
using DevPlatform.Catalog.Reads;
using DevPlatform.Catalog.Web;
using DevPlatform.Shared.Errors;
using DevPlatform.Shared.Permissions;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace DevPlatform.Catalog.Graph;

/// <summary><c>GET /graph</c>: the entities around one in one call, and what depends on it.</summary>
internal static class GraphEndpoint
{
    public static void Map(IEndpointRouteBuilder catalog) => catalog.MapGet("/graph", AnswerAsync)
        .RequirePermission(CatalogPermissions.EntityRead)
        .WithSummary("Answers the entities around one, and how they are related")
        .WithDescription(
            $"Query: ref; depth (1 to {GraphQuery.MaxDepth}, default 1); relations (repeat or separate by commas; either name of a relation; default all); "
            + "direction=both|outgoing|incoming|dependencies|dependents (default both; dependents is impact analysis: what is affected when this fails); "
            + $"limit (1 to {GraphQuery.MaxLimit} entities, default 200); fields. "
            + "Answers {rootEntityRef, nodes: [{depth, entity}], edges: [{source, type, target}], truncated}, nearest entities first.");

    private static async Task AnswerAsync(HttpContext context, ChangeFeed feed)
    {
        var query = GraphQuery.Parse(context.Request.Query);
        var visible = context.Visible();
        var index = await feed.ReadyAsync(context.RequestAborted);
        var (graph, version) = index.Read(view => (EntityGraph.Around(view, query, visible), view.Version));
        if (graph is null)
        {
            throw new NotFoundException($"Entity not found: {query.Start}");
        }

        if (context.IsKnownState(version, visible))
        {
            return;
        }

        await context.WriteAsync(length: null, body => Write(body, query, graph));
    }

    private static void Write(IBufferWriter<byte> body, GraphQuery query, EntityGraph graph)
    {
        using var writer = new Utf8JsonWriter(body, new JsonWriterOptions { Encoder = EntityJson.Options.Encoder });
        writer.WriteStartObject();
        writer.WriteString("rootEntityRef", query.Start);
        writer.WriteStartArray("nodes");
        foreach (var (entity, depth) in graph.Nodes)
        {
            writer.WriteStartObject();
            writer.WriteNumber("depth", depth);
            writer.WritePropertyName("entity");
            writer.WriteRawValue(query.Projection is null ? entity.Json : query.Projection.Apply(entity.Json), skipInputValidation: true);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        writer.WriteStartArray("edges");
        foreach (var (source, type, target) in graph.Edges)
        {
            writer.WriteStartObject();
            writer.WriteString("source", source);
            writer.WriteString("type", type);
            writer.WriteString("target", target);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        writer.WriteBoolean("truncated", graph.IsTruncated);
        writer.WriteEndObject();
    }
}
