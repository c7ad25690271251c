using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace DevPlatform.Identity.UserSettings;

/// <summary>Something that a user's pages remember: starred entities, the theme.</summary>
public sealed class UserSetting
{
    /// <summary>Longest bucket and longest key.</summary>
    internal const int MaxName = 255;

    /// <summary>Whose.</summary>
    public required string UserRef { get; init; }

    /// <summary>What belongs together: <c>default.starredEntities</c>.</summary>
    public required string Bucket { get; init; }

    /// <summary>Name in the bucket.</summary>
    public required string Key { get; init; }

    /// <summary>JSON, as it was sent.</summary>
    public required string Value { get; set; }
}

internal sealed class UserSettingConfiguration : IEntityTypeConfiguration<UserSetting>
{
    public void Configure(EntityTypeBuilder<UserSetting> setting)
    {
        setting.ToTable("user_settings");
        setting.HasKey(s => new { s.UserRef, s.Bucket, s.Key });
        setting.Property(s => s.UserRef).HasColumnName("user_ref").HasMaxLength(320);
        setting.Property(s => s.Bucket).HasColumnName("bucket").HasMaxLength(UserSetting.MaxName);
        setting.Property(s => s.Key).HasColumnName("key").HasMaxLength(UserSetting.MaxName);
        // Not jsonb: a page gets back exactly what it stored.
        setting.Property(s => s.Value).HasColumnName("value");
    }
}
