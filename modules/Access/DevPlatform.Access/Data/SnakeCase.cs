using System.Text.RegularExpressions;
using Microsoft.EntityFrameworkCore;

namespace DevPlatform.Access.Data;

internal static partial class SnakeCase
{
    /// <summary>Names all columns as the other schemas do: <c>expires_at</c>, <c>teleport_due_at</c>.</summary>
    public static void NameColumns(ModelBuilder model)
    {
        foreach (var entity in model.Model.GetEntityTypes())
        {
            foreach (var property in entity.GetProperties().Where(p => !p.IsConcurrencyToken))
            {
                // A key that an owned part shares with its owner is the owner's column.
                var prefix = entity.IsOwned() && !property.IsPrimaryKey() ? $"{entity.FindOwnership()!.PrincipalToDependent!.Name}_" : "";
                property.SetColumnName(WordStart().Replace(prefix + (property.IsPrimaryKey() ? "Id" : property.Name), "_").ToLowerInvariant());
            }
        }
    }

    [GeneratedRegex("(?<=[a-z0-9])(?=[A-Z])", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex WordStart();
}
