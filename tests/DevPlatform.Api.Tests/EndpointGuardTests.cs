using DevPlatform.Api.Hosting;
using DevPlatform.ServiceDefaults;
using DevPlatform.Shared.Permissions;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;

namespace DevPlatform.Api.Tests;

/// <summary>An endpoint with no declared permission fails start-up (INV-14).</summary>
public class EndpointGuardTests
{
    [Fact]
    public async Task Names_the_endpoint_that_declares_nothing()
    {
        await using var app = Routes();
        app.MapGet("/api/open", () => "open").AllowAnonymous("is a test");
        app.MapGet("/api/forgotten", () => "forgotten");

        Should.Throw<StartupException>(() => EndpointGuard.Check(app)).Message.ShouldContain("/api/forgotten");
    }

    [Fact]
    public async Task Accepts_endpoints_that_declare_and_what_is_not_api()
    {
        await using var app = Routes();
        app.MapGet("/api/open", () => "open").AllowAnonymous("is a test");
        app.MapGet("/page", () => "page");

        Should.NotThrow(() => EndpointGuard.Check(app));
    }

    private static WebApplication Routes() => WebApplication.CreateSlimBuilder().Build();
}
