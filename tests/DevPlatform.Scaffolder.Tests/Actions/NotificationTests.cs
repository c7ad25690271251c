using System.Net;
using DevPlatform.Scaffolder.Tests.Support;

namespace DevPlatform.Scaffolder.Tests.Actions;

[Collection(ScaffolderCollection.Name)]
public sealed class NotificationTests(ScaffolderFixture fixture)
{
    [Fact]
    public async Task A_chat_message_goes_to_the_configured_webhook()
    {
        var text = SampleTemplates.UniqueName("chat");

        var (_, output) = await fixture.RunStepAsync("notification:slack", $$"""{ message: "{{text}} is ready", channel: "#orders" }""");

        output["sent"]!.GetValue<bool>().ShouldBeTrue();
        fixture.Tools.ChatMessages.Where(m => m["text"]!.ToString() == $"{text} is ready").ShouldHaveSingleItem()["channel"]!.ToString().ShouldBe("#orders");
    }

    [Fact]
    public async Task A_message_that_may_have_been_sent_is_not_sent_again()
    {
        var (client, text) = (fixture.Host.Client(), SampleTemplates.UniqueName("once"));
        fixture.Tools.ChatStatus = HttpStatusCode.InternalServerError;
        var id = await fixture.StartStepAsync("notification:slack", $$"""{ message: "{{text}}" }""");
        await client.WaitForStatusAsync(id, "failed");
        fixture.Tools.ChatStatus = HttpStatusCode.OK;
        (await client.GetCompletionAsync(id))["error"]!["message"]!.ToString().ShouldContain("Slack refused the message: 500");
        (await fixture.DumpDatabaseAsync()).ShouldNotContain("secret-hook");

        await client.PostAsync($"/api/scaffolder/v2/tasks/{id}/retry", null);
        await client.WaitForStatusAsync(id, "completed");

        (await client.GetMessagesAsync(id)).ShouldContain("An interrupted run of this step may have sent the message; it is not sent again");
        fixture.Tools.ChatMessages.Count(m => m["text"]!.ToString() == text).ShouldBe(1);
    }

    [Fact]
    public async Task A_mail_goes_to_who_started_the_task_unless_it_says_otherwise()
    {
        var subject = SampleTemplates.UniqueName("mail");

        await fixture.RunStepAsync("notification:email", $$"""{ subject: "{{subject}}", body: "It is ready." }""");
        await fixture.RunStepAsync("notification:email", $$"""{ to: ["bo@example.com", "cy@example.com"], subject: "{{subject}}", body: "It is ready." }""");

        var mails = fixture.Tools.Mail.Mails.Where(m => m.Content.Contains($"Subject: {subject}")).ToArray();
        mails.Select(m => string.Join(",", m.To)).ShouldBe(["ana@example.com", "bo@example.com,cy@example.com"]);
        mails[0].Content.ShouldContain("It is ready.");
    }

    [Theory]
    [InlineData("[\"bo@elsewhere.org\"]", "an address in example.com")]
    [InlineData("[\"not an address\"]", "\"to\"")]
    public async Task A_mail_goes_nowhere_else(string to, string reason) =>
        (await fixture.FailStepAsync("notification:email", $$"""{ to: {{to}}, subject: x, body: y }""")).ShouldContain(reason);
}
