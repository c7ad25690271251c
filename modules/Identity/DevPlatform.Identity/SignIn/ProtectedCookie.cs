using System.Text.Json;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.Http;

namespace DevPlatform.Identity.SignIn;

/// <summary>A value in a cookie that only we can read or make (ASP.NET Core Data Protection), split over several where browsers would cut it off.</summary>
internal sealed class ProtectedCookie<T>(IDataProtectionProvider protection, string path, SameSiteMode sameSite)
    where T : class
{
    private readonly ChunkingCookieManager _cookies = new() { ThrowForPartialCookies = false };
    private readonly IDataProtector _protector = protection.CreateProtector("DevPlatform.SignIn", typeof(T).Name);

    public void Write(HttpContext context, string name, T value, DateTimeOffset? expiresAt) => _cookies.AppendResponseCookie(
        context, name, _protector.CreateProtector(name).Protect(JsonSerializer.Serialize(value)), Options(context, expiresAt));

    /// <summary>The value; null when there is none, or none of ours.</summary>
    public T? Read(HttpContext context, string name)
    {
        if (_cookies.GetRequestCookie(context, name) is not { Length: > 0 } text)
        {
            return null;
        }

        try
        {
            return JsonSerializer.Deserialize<T>(_protector.CreateProtector(name).Unprotect(text));
        }
        catch (Exception e) when (e is System.Security.Cryptography.CryptographicException or JsonException)
        {
            return null;
        }
    }

    public void Delete(HttpContext context, string name) => _cookies.DeleteCookie(context, name, Options(context, null));

    private CookieOptions Options(HttpContext context, DateTimeOffset? expiresAt) => new()
    {
        Path = path,
        HttpOnly = true,
        Secure = context.Request.IsHttps,
        SameSite = sameSite,
        Expires = expiresAt,
        IsEssential = true,
    };
}
