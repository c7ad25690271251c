using System.Text.Json;
using DevPlatform.Access.Tests.Support;
using DevPlatform.Shared.Identity;
using DevPlatform.Shared.Signals;
using DevPlatform.TestKit;
using Microsoft.Extensions.DependencyInjection;

namespace DevPlatform.Access.Tests.Requests;

/// <summary>Open pages are told of every change of what they show, and of nothing else.</summary>
[Collection(AccessCollection.Name)]
public sealed class AccessSignalTests(AccessPlatform platform)
{
    private static readonly object Yes = new { decision = "approve" };

    [Fact]
    public async Task Every_step_is_told_to_those_who_see_it_and_to_nobody_else()
    {
        var token = await TokenAsync("signal-requester");
        var requester = platform.ClientWithToken(token);
        var dba = platform.Client("dba-approver");
        await using var mine = await OpenAsync(token);
        await using var reviewers = await OpenAsync(await platform.Keycloak.TokenAsync("dba-approver"));
        await using var security = await OpenAsync(await platform.Keycloak.TokenAsync("security-approver"));
        await using var auditors = await OpenAsync(await platform.Keycloak.TokenAsync("auditor"));
        await using var others = await OpenAsync(await TokenAsync("signal-bystander"));

        var id = (await AllHearAsync(() => requester.RequestAccessAsync(Calls.Request("orders-prod", duration: "PT30M")))).Id();
        await AllHearAsync(() => dba.PostAsync($"requests/{id}/review", Yes));
        // Teleport has it, a moment later.
        await requester.UntilAsync(id, "Active");
        await AllHearAsync(() => requester.PostAsync($"requests/{id}/extend", new { duration = "PT10M", justification = "not done yet" }));
        var extension = (await dba.GetJsonAsync("approvals")).GetProperty("items").EnumerateArray().First(a => a.GetProperty("subjectId").GetString() == id).Id();
        await AllHearAsync(() => dba.PostAsync($"approvals/{extension}/review", Yes));
        await AllHearAsync(() => requester.PostAsync($"requests/{id}/revoke"));

        // Signals come in order: what comes last shows that nothing came before.
        var end = Guid.NewGuid().ToString();
        await platform.Services.GetRequiredService<ISignals>().PublishAsync(ChangeSignals.Access, [Audiences.Everyone], new { end }, default);
        await others.UntilAsync(ChangeSignals.Access, heard => heard[^1].ToString().Contains(end));
        others.Heard(ChangeSignals.Access).Count.ShouldBe(2, "to look when it opened, and the end of the test");
        mine.Heard(ChangeSignals.Access).Select(message => message.ToString()).Where(message => !message.Contains(end)).Distinct()
            .ShouldBe(["""{"action":"changed"}"""], "nothing is said but to look again");

        async Task<JsonElement> AllHearAsync(Func<Task<JsonElement>> act) => await mine.HearsAsync(
            ChangeSignals.Access,
            () => reviewers.HearsAsync(
                ChangeSignals.Access, () => security.HearsAsync(ChangeSignals.Access, () => auditors.HearsAsync(ChangeSignals.Access, act))));
    }

    [Fact]
    public async Task What_ends_by_itself_is_told_too()
    {
        var token = await TokenAsync("signal-expiry");
        var requester = platform.ClientWithToken(token);
        await using var mine = await OpenAsync(token);
        var id = (await mine.HearsAsync(ChangeSignals.Access, () => requester.GetAccessAsync("PT3S"))).Id();
        var before = mine.Heard(ChangeSignals.Access).Count;

        await requester.UntilAsync(id, "Expired");

        await mine.UntilAsync(ChangeSignals.Access, heard => heard.Count > before);
    }

    private Task<SignalPage> OpenAsync(string token) => SignalPage.OpenAsync(platform.BaseUrl, token, ChangeSignals.Access);

    /// <summary>Somebody of no other test, who may ask for access and no more.</summary>
    private Task<string> TokenAsync(string name) =>
        platform.Keycloak.ForgeAsync(new { username = "developer", claims = new { preferred_username = name, sub = Guid.NewGuid().ToString() } });
}
