using System.Text;
using System.Text.Encodings.Web;

namespace DevPlatform.MockTools.Keycloak.Login;

/// <summary>The few pages a browser sees.</summary>
internal static class Pages
{
    public static IResult Login(string action, string? username = null, string? error = null, int status = 200) => Page("Sign in", $"""
        {Error(error)}<form id="kc-form-login" action="{Encode(action)}" method="post">
        <label>Username or email <input id="username" name="username" value="{Encode(username)}" autocomplete="username" autofocus></label>
        <label>Password <input id="password" name="password" type="password" autocomplete="current-password"></label>
        <input type="hidden" name="credentialId"><button id="kc-login" type="submit">Sign In</button></form>
        """, status);

    public static IResult DeviceCode(string action, string? userCode, string? error = null) => Page("Device login", $"""
        {Error(error)}<form id="kc-user-verify-device-user-code-form" action="{Encode(action)}" method="post">
        <label>Code shown on your device <input id="device-user-code" name="device_user_code" value="{Encode(userCode)}" autofocus></label>
        <button type="submit">Submit</button></form>
        """);

    public static IResult DeviceConsent(string action, string userCode, string client, string username) => Page("Grant access", $"""
        <p>{Encode(client)} asks to act for {Encode(username)}. Compare the code: <b>{Encode(userCode)}</b></p>
        <form action="{Encode(action)}" method="post"><input type="hidden" name="device_user_code" value="{Encode(userCode)}">
        <button name="accept" value="Yes">Yes</button> <button name="cancel" value="No">No</button></form>
        """);

    public static IResult LogoutConfirmation(string action) => Page("Logging out", $"""
        <p>Do you want to log out?</p><form action="{Encode(action)}" method="post">
        <input type="hidden" name="confirmLogout" value="Logout"><button id="kc-logout" type="submit">Logout</button></form>
        """);

    public static IResult Message(string title, string message, int status = 200) =>
        Page(title, $"<p id=\"kc-error-message\">{Encode(message)}</p>", status);

    private static string Error(string? error) => error is null ? "" : $"<p id=\"input-error\">{Encode(error)}</p>";

    private static string Encode(string? text) => HtmlEncoder.Default.Encode(text ?? "");

    private static IResult Page(string title, string body, int status = 200) => Results.Text($"""
        <!doctype html><html lang="en"><head><meta charset="utf-8"><title>{Encode(title)}</title>
        <style>body{"{"}font:16px system-ui;max-width:24rem;margin:4rem auto{"}"}label,input,button{"{"}display:block;margin:.4rem 0;width:100%{"}"}</style>
        </head><body><h1>{Encode(title)}</h1>{body}</body></html>
        """, "text/html", Encoding.UTF8, status);
}
