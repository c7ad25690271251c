using DevPlatform.MockTools.Keycloak.Realms;
using DevPlatform.MockTools.Keycloak.Sessions;
using Microsoft.AspNetCore.WebUtilities;

namespace DevPlatform.MockTools.Keycloak.Login;

/// <summary><c>/realms/{realm}/device</c>: the user types the device's code, signs in and agrees.</summary>
internal sealed class DevicePage(SsoCookie cookie)
{
    public static void Map(WebApplication app)
    {
        var page = ActivatorUtilities.CreateInstance<DevicePage>(app.Services);
        app.MapGet("/device", (Delegate)page.ShowAsync);
        app.MapPost("/device", (Delegate)page.SubmitAsync);
    }

    private async Task<IResult> ShowAsync(HttpContext http)
    {
        var userCode = http.Request.Query["user_code"].ToString();
        return userCode.Length == 0 ? Pages.DeviceCode(Url(http), null) : await AskAsync(http, userCode);
    }

    private async Task<IResult> SubmitAsync(HttpContext http)
    {
        var form = await http.Request.ReadFormAsync();
        var userCode = form["device_user_code"].ToString();
        if (!form.ContainsKey("accept") && !form.ContainsKey("cancel"))
        {
            return await AskAsync(http, userCode);
        }

        if (await cookie.FindSessionAsync(http) is not { } session
            || http.GetRealm().Codes.FindUserCode(userCode) is not { State: DeviceGrantState.Pending } grant)
        {
            return Pages.DeviceCode(Url(http), userCode, "Invalid code, please try again.");
        }

        grant.Session = session;
        grant.State = form.ContainsKey("accept") ? DeviceGrantState.Approved : DeviceGrantState.Denied;
        return form.ContainsKey("accept")
            ? Pages.Message("Device Login Successful", "You may close this browser window and go back to your device.")
            : Pages.Message("Device Login Failed", "Consent denied for connecting the device.", StatusCodes.Status400BadRequest);
    }

    private async Task<IResult> AskAsync(HttpContext http, string userCode)
    {
        var realm = http.GetRealm();
        if (realm.Codes.FindUserCode(userCode) is not { State: DeviceGrantState.Pending } grant)
        {
            return Pages.DeviceCode(Url(http), userCode, "Invalid code, please try again.");
        }

        return await cookie.FindSessionAsync(http) is { } session
            ? Pages.DeviceConsent(Url(http), grant.UserCode, realm.FindClient(grant.ClientId)!.Representation.ClientId, session.User.Username)
            : Pages.Login(QueryHelpers.AddQueryString($"{http.Request.PathBase}/login-actions/authenticate", new Dictionary<string,
                string?>
            { ["return_to"] = "device", ["user_code"] = grant.UserCode }));
    }

    private static string Url(HttpContext http) => $"{http.Request.PathBase}/device";
}
