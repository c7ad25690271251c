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
    private static readonly byte[] Null = "null"u8.ToArray();

    /// <summary>What the caller may see, from the decision that let the request in; null for everything.</summary>
    public static EntityFilter? Visible(this HttpContext context) =>
        context.GetDecision().Conditions is { } conditions ? EntityFilter.FromPermission(conditions) : null;

    public static Task WriteEntityAsync(this HttpContext context, IndexedEntity entity) =>
        context.IsKnownTag($"\"{entity.Etag}\"") ? Task.CompletedTask : context.WriteAsync(entity.Json.Length, writer => writer.Write(entity.Json));

    /// <summary>Entities as a JSON array, between two texts; null items stay null.</summary>
    public static Task WriteEntitiesAsync(this HttpContext context, string before, IReadOnlyList<IndexedEntity?> entities, EntityProjection? projection, string after)
    {
        var parts = new byte[entities.Count][];
        var length = Encoding.UTF8.GetByteCount(before) + Encoding.UTF8.GetByteCount(after) + "[]"u8.Length + Math.Max(0, parts.Length - 1);
        for (var i = 0; i < parts.Length; i++)
        {
            parts[i] = entities[i] is not { } entity ? Null : projection?.Apply(entity.Json) ?? entity.Json;
            length += parts[i].Length;
        }

        return context.WriteAsync(length, writer =>
        {
            writer.WriteText(before);
            writer.Write("["u8);
            for (var i = 0; i < parts.Length; i++)
            {
                writer.Write(i == 0 ? [] : ","u8);
                writer.Write(parts[i]);
            }

            writer.Write("]"u8);
            writer.WriteText(after);
        });
    }

    /// <summary>
    /// Whether the client already has this state of the catalog (then the answer is 304). What a query answers depends on the state and on
    /// what the caller may see.
    /// </summary>
    public static bool IsKnownState(this HttpContext context, long version, EntityFilter? visible)
    {
        var scope = visible is null ? "all" : Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(EntityJson.Write(visible.ToPredicate()))))[..12];
        return context.IsKnownTag($"W/\"{version}-{scope}\"");
    }

    public static void WriteText(this IBufferWriter<byte> writer, string text) => Encoding.UTF8.GetBytes(text, writer);

    /// <summary>Writes the answer, of which the length is known or null.</summary>
    public static async Task WriteAsync(this HttpContext context, long? length, Action<IBufferWriter<byte>> write)
    {
        var response = context.Response;
        response.ContentType = Json;
        response.ContentLength = length;
        // What is written before the headers is copied once more when they are.
        await response.StartAsync();
        write(response.BodyWriter);
        await response.BodyWriter.FlushAsync();
    }

    /// <summary>Names the answer by its entity tag; when the client has that answer already, it is 304.</summary>
    public static bool IsKnownTag(this HttpContext context, string tag)
    {
        context.Response.Headers.ETag = tag;
        context.Response.Headers.CacheControl = "private, no-cache";
        if (context.Request.Headers.IfNoneMatch is { Count: > 0 } tags && HttpMethods.IsGet(context.Request.Method)
            && tags.Any(known => known == "*" || known?.Contains(tag, StringComparison.Ordinal) == true))
        {
            context.Response.StatusCode = StatusCodes.Status304NotModified;
            return true;
        }

        return false;
    }
}
