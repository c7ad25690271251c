using DevPlatform.TestKit;

namespace DevPlatform.Identity.Tests.SignIn;

/// <summary>The database goes away between the login form and the portal.</summary>
public sealed class SignInDatabaseAwayTests(OwnDatabasePlatform platform) : IClassFixture<OwnDatabasePlatform>
{
    [Fact]
    public async Task The_page_is_told_and_signing_in_again_works_when_it_is_back()
    {
        using var browser = new Browser(platform);
        var frame = await browser.AuthenticateAsync("developer", $"&origin={browser.Origin}&flow=popup");
        await platform.Server.StopAsync();

        var told = await Browser.MessageAsync(await browser.GetAsync(frame.ToString()));
        told.GetProperty("error").GetProperty("name").GetString().ShouldBe("ServiceUnavailableError");
        told.GetProperty("error").GetProperty("message").GetString().ShouldBe("The database cannot be reached at the moment; try again");
        browser.Cookies.GetAllCookies().ShouldNotContain(cookie => cookie.Name == "oidc-refresh-token");

        await platform.Server.StartAgainAsync();
        using var client = platform.Client("platform-admin");
        await Eventually.BeAsync(async () => (await client.GetAsync("/api/catalog/locations")).IsSuccessStatusCode, TimeSpan.FromSeconds(90));
        (await browser.SignInAsync("developer")).GetProperty("response").GetProperty("backstageIdentity").GetProperty("identity").GetProperty("userEntityRef").GetString()
            .ShouldBe("user:default/developer");
    }
}
