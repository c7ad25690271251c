using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace DevPlatform.Identity.Sessions;

/// <summary>A session (<c>sid:…</c>) or all sessions of a subject (<c>sub:…</c>) that ended; <see cref="EndedSessions"/> reads and writes it.</summary>
internal sealed class EndedSessionRow
{
    public required string Key { get; init; }

    public required DateTimeOffset EndedAt { get; init; }

    /// <summary>No access token of the session lives longer.</summary>
    public required DateTimeOffset ExpiresAt { get; init; }
}

internal sealed class EndedSessionConfiguration : IEntityTypeConfiguration<EndedSessionRow>
{
    public void Configure(EntityTypeBuilder<EndedSessionRow> row)
    {
        row.ToTable("ended_sessions");
        row.HasKey(r => r.Key);
        row.Property(r => r.Key).HasColumnName("key");
        row.Property(r => r.EndedAt).HasColumnName("ended_at");
        row.Property(r => r.ExpiresAt).HasColumnName("expires_at");
    }
}

/// <summary>A logout token (<c>jti</c>) that was obeyed: none is obeyed twice.</summary>
internal sealed class UsedLogoutTokenRow
{
    public required string TokenId { get; init; }

    public required DateTimeOffset ExpiresAt { get; init; }
}

internal sealed class UsedLogoutTokenConfiguration : IEntityTypeConfiguration<UsedLogoutTokenRow>
{
    public void Configure(EntityTypeBuilder<UsedLogoutTokenRow> row)
    {
        row.ToTable("used_logout_tokens");
        row.HasKey(r => r.TokenId);
        row.Property(r => r.TokenId).HasColumnName("token_id");
        row.Property(r => r.ExpiresAt).HasColumnName("expires_at");
    }
}
