using System.Buffers;
using System.Security.Cryptography;
using System.Text;
using DevPlatform.Catalog.Entities;
using DevPlatform.Catalog.Reads;
using DevPlatform.Shared.Permissions;
using Microsoft.AspNetCore.Http;

namespace DevPlatform.Catalog.Web;

/// <summary>Answers made of stored bytes, with entity tags.</summary>
internal static class EntityResults
{
    private const string Json = "application/json; charset=utf-8";

    /// <summary>What the caller may see, from the decision that let the request in; null for everything.</summary>
    public static EntityFilter? Visible(this HttpContext context) =>
        context.GetDecision().Conditions is { } conditions ? EntityFilter.FromPermission(conditions) : null;

    public static Task WriteEntityAsync(this HttpContext context, IndexedEntity entity) =>
        context.IsKnownTag($"\"{entity.Etag}\"") ? Task.CompletedTask : context.WriteAsync(writer => writer.Write(entity.Json));

    /// <summary>
    /// Whether the client already has this state of the catalog (then the answer is 304). What a query answers depends on the state and on
    /// what the caller may see.
    /// </summary>
    public static bool IsKnownState(this HttpContext context, long version, EntityFilter? visible)
    {
        var scope = visible is null ? "all" : Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(EntityJson.Write(visible.ToPredicate()))))[..12];
        return context.IsKnownTag($"W/\"{version}-{scope}\"");
    }

    /// <summary>Entities as a JSON array; null items stay null.</summary>
    public static void WriteArray(this IBufferWriter<byte> writer, IEnumerable<IndexedEntity?> entities, EntityProjection? projection)
    {
        writer.Write("["u8);
        var first = true;
        foreach (var entity in entities)
        {
            if (!first)
            {
                writer.Write(","u8);
            }

            first = false;
            writer.Write(entity is null ? "null"u8 : projection is null ? entity.Json : projection.Apply(entity.Json));
        }

        writer.Write("]"u8);
    }

    public static void WriteText(this IBufferWriter<byte> writer, string text) => Encoding.UTF8.GetBytes(text, writer);

    public static async Task WriteAsync(this HttpContext context, Action<IBufferWriter<byte>> write)
    {
        context.Response.ContentType = Json;
        write(context.Response.BodyWriter);
        await context.Response.BodyWriter.FlushAsync(context.RequestAborted);
    }

    /// <summary>Names the answer by its entity tag; when the client has that answer already, it is 304.</summary>
    public static bool IsKnownTag(this HttpContext context, string tag)
    {
        context.Response.Headers.ETag = tag;
        context.Response.Headers.CacheControl = "private, no-cache";
        if (HttpMethods.IsGet(context.Request.Method) && context.Request.Headers.IfNoneMatch.Any(known => known == "*" || known?.Contains(tag, StringComparison.Ordinal) == true))
        {
            context.Response.StatusCode = StatusCodes.Status304NotModified;
            return true;
        }

        return false;
    }
}
