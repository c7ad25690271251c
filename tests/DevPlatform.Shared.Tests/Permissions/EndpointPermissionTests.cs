using System.Collections.Frozen;
using System.Net;
using DevPlatform.Identity.Contracts;
using DevPlatform.Identity.Contracts.Permissions;
using DevPlatform.Shared.Audit;
using DevPlatform.Shared.Errors;
using DevPlatform.Shared.Identity;
using DevPlatform.Shared.Permissions;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace DevPlatform.Shared.Tests.Permissions;

/// <summary>Over real HTTP, with a policy of three entries and a recording audit trail.</summary>
public sealed class EndpointPermissionTests : IAsyncLifetime
{
    private static readonly Permission Allowed = new("x.allowed");
    private static readonly Permission Denied = new("x.denied");
    private static readonly Permission Owned = new("x.owned", "update", "catalog-entity");
    private readonly RecordingAudit _audit = new();
    private WebApplication _app = null!;
    private HttpClient _http = null!;

    public async Task InitializeAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Services.AddSingleton<IAuditTrail>(_audit).AddSingleton<IPermissionEvaluator, Policy>();
        builder.Services.AddAuthentication();
        builder.Services.AddAuthorization(options => options.DefaultPolicy = new Microsoft.AspNetCore.Authorization.AuthorizationPolicyBuilder().RequireAssertion(_ => true).Build());
        _app = builder.Build();
        _app.Use(SignInAndMapErrorsAsync);
        _app.MapGet("/allowed", (HttpContext http) => http.GetDecision().Reason).RequirePermission(Allowed);
        _app.MapGet("/denied", () => "never").RequirePermission(Denied);
        _app.MapGet("/owned", (HttpContext http) => http.GetDecision().Conditions!.Rule!.Name).RequirePermission(Owned);
        _app.MapGet("/owned/{owner}", OwnedByAsync).RequirePermission(Owned);
        _app.MapPost("/denied", (Dictionary<string, int> body) => body).RequirePermission(Denied);
        _app.MapGroup("/group").RequirePermission(Denied).MapGet("/inner", () => "never");
        _app.MapGet("/me", (Caller caller) => caller.UserRef).RequireSignIn("tells callers about themselves");
        _app.MapGet("/open", () => "open").AllowAnonymous("a probe");
        await _app.StartAsync();
        _http = new HttpClient { BaseAddress = new Uri(_app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First()) };
    }

    public async Task DisposeAsync()
    {
        _http.Dispose();
        await _app.DisposeAsync();
    }

    [Fact]
    public async Task Lets_in_who_is_allowed_and_hands_on_the_decision() => (await _http.GetStringAsync("/allowed")).ShouldBe("granted by role dev");

    [Theory]
    [InlineData("/denied")]
    [InlineData("/group/inner")]
    public async Task Refuses_who_is_not_and_records_it(string path)
    {
        var response = await _http.GetAsync(path);

        response.StatusCode.ShouldBe(HttpStatusCode.Forbidden);
        (await response.Content.ReadAsStringAsync()).ShouldBe("x.denied is not allowed: it needs role dev");
        var recorded = _audit.Recorded.ShouldHaveSingleItem();
        recorded.ShouldBe(new Recorded("user:default/ana", "permission.denied", "x.denied", "denied", "x.denied: it needs role dev"));
    }

    [Fact]
    public async Task Refuses_before_it_reads_the_body()
    {
        using var broken = new StringContent("{", System.Text.Encoding.UTF8, "application/json");
        (await _http.PostAsync("/denied", broken)).StatusCode.ShouldBe(HttpStatusCode.Forbidden);
    }

    [Fact]
    public async Task Lets_a_conditional_answer_in_for_the_endpoint_to_apply() => (await _http.GetStringAsync("/owned")).ShouldBe("IS_ENTITY_OWNER");

    [Fact]
    public async Task Judges_a_known_resource_inside_the_endpoint()
    {
        (await _http.GetAsync("/owned/ana")).StatusCode.ShouldBe(HttpStatusCode.OK);

        (await _http.GetAsync("/owned/bob")).StatusCode.ShouldBe(HttpStatusCode.Forbidden);
        _audit.Recorded.ShouldHaveSingleItem().Resource.ShouldBe("component:default/of-bob");
    }

    [Fact]
    public void Every_way_of_declaring_leaves_metadata()
    {
        var declared = ((IEndpointRouteBuilder)_app).DataSources.SelectMany(s => s.Endpoints).OfType<RouteEndpoint>()
            .DistinctBy(e => e.RoutePattern.RawText).ToDictionary(e => e.RoutePattern.RawText!, e => e.Metadata.GetMetadata<EndpointPermission>());

        declared.Values.ShouldAllBe(p => p != null);
        declared["/allowed"]!.Permission.ShouldBe(Allowed);
        declared["/group/inner"]!.Permission.ShouldBe(Denied);
        declared["/me"]!.ShouldBe(new EndpointPermission(null, "tells callers about themselves"));
        declared["/open"]!.ShouldBe(new EndpointPermission(null, "a probe"));
    }

    [Fact]
    public async Task A_caller_that_nobody_set_is_not_authenticated() =>
        (await Should.ThrowAsync<AuthenticationException>(async () => await Caller.BindAsync(new DefaultHttpContext()))).StatusCode.ShouldBe(401);

    private static async Task<string> OwnedByAsync(HttpContext http, string owner)
    {
        await http.AuthorizeAsync(Owned, new PermissionResource($"component:default/of-{owner}", Owners: [$"user:default/{owner}"]));
        return "yours";
    }

    private static async Task SignInAndMapErrorsAsync(HttpContext context, RequestDelegate next)
    {
        context.Features.Set(new Caller
        {
            Subject = "1",
            Username = "ana",
            UserRef = "user:default/ana",
            OwnershipRefs = ["user:default/ana"],
            Roles = FrozenSet<string>.Empty,
            Groups = FrozenSet<string>.Empty,
        });
        try
        {
            await next(context);
        }
        catch (PlatformException e)
        {
            context.Response.StatusCode = e.StatusCode;
            await context.Response.WriteAsync(e.Message);
        }
    }

    private sealed class Policy : IPermissionEvaluator
    {
        public PermissionDecision Evaluate(Caller caller, Permission permission, PermissionResource? resource = null) => (permission.Name, resource?.Owners) switch
        {
            ("x.allowed", _) => new PermissionDecision(PermissionResult.Allow, "granted by role dev"),
            ("x.owned", null) => new PermissionDecision(
                PermissionResult.Conditional, "", new PermissionCriteria(new PermissionRule("IS_ENTITY_OWNER", "catalog-entity", new Dictionary<string, IReadOnlyList<string>>()))),
            ("x.owned", var owners) when owners.Contains(caller.UserRef) => new PermissionDecision(PermissionResult.Allow, "owner"),
            _ => new PermissionDecision(PermissionResult.Deny, "it needs role dev"),
        };

        public IReadOnlySet<string> EffectiveRoles(Caller caller) => caller.Roles;
    }

    private sealed record Recorded(string Actor, string Action, string? Resource, string Result, string? Reason);

    private sealed class RecordingAudit : IAuditTrail
    {
        public List<Recorded> Recorded { get; } = [];

        public RecordAuditEvent Event(Actor actor, string action, string? resource, string result, string? reason = null, string? taskId = null, string? commit = null) =>
            throw new InvalidOperationException("A denial belongs to no transaction.");

        public Task RecordAsync(Actor actor, string action, string? resource, string result, string? reason = null)
        {
            Recorded.Add(new Recorded(actor.UserRef, action, resource, result, reason));
            return Task.CompletedTask;
        }
    }
}
