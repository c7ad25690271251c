using DevPlatform.Api.Hosting;
using DevPlatform.ServiceDefaults;
using DevPlatform.Shared.Permissions;
using Microsoft.AspNetCore.Builder;

namespace DevPlatform.Api.Tests.Hosting;

/// <summary>INV-14.</summary>
public sealed class EndpointGuardTests
{
    [Fact]
    public void Names_every_endpoint_that_declares_no_permission()
    {
        var app = WebApplication.CreateSlimBuilder().Build();
        app.MapGet("/api/plants/{id}", () => "").RequireSignIn("a test");
        app.MapPost("/api/plants", () => "");
        app.MapDelete("/api/plants/{id}", () => "").RequireAuthorization();
        app.MapGet("/", () => "");

        var message = Should.Throw<StartupException>(() => EndpointGuard.Check(app)).Message;

        message.ShouldContain("HTTP: POST /api/plants");
        message.ShouldContain("HTTP: DELETE /api/plants/{id}");
        message.ShouldNotContain("GET");
    }
}
