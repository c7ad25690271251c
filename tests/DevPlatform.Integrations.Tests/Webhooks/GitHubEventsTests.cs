using System.Text;
using CsCheck;
using DevPlatform.Integrations.Contracts;
using DevPlatform.Integrations.Webhooks;
using DevPlatform.Shared.Errors;
using Microsoft.AspNetCore.Http;

namespace DevPlatform.Integrations.Tests.Webhooks;

public sealed class GitHubEventsTests
{
    [Fact]
    public void A_push_says_what_was_pushed_where() => GitHubEvents.Read("push", Encoding.UTF8.GetBytes(
        """{"ref":"refs/heads/main","after":"bbbb","repository":{"clone_url":"https://github.com/org/orders.git","owner":{"login":"org"}}}"""))
        .ShouldBe(new RepositoryPushed("https://github.com/org/orders.git", "org", "refs/heads/main", "bbbb"));

    // The test vector of GitHub's documentation.
    [Fact]
    public void The_signature_is_GitHubs() => WebhookSignature.IsValid(
        new HeaderDictionary { ["X-Hub-Signature-256"] = "sha256=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17" },
        Encoding.UTF8.GetBytes("Hello, World!"), "It's a Secret to Everybody").ShouldBeTrue();

    [Fact]
    public void Ten_thousand_bodies_of_any_kind_are_events_or_refused_with_a_reason()
    {
        var json = AnyOf(
            "{", "}", "[", "]", "\"repository\":", "\"clone_url\":", "\"ref\":", "\"owner\":", "\"login\":", "\"x\"", "1", "null", ",", "\u0000", "\"\\ud800\"", new string('[', 100))
            .Array[0, 12].Select(parts => Encoding.UTF8.GetBytes(string.Concat(parts)));
        Gen.OneOf(json, Gen.Byte.Array[0, 40]).Sample(body =>
        {
            try
            {
                _ = GitHubEvents.Read("push", body);
            }
            catch (InputException e)
            {
                e.Message.ShouldNotBeEmpty();
            }
        }, iter: 10_000);
    }

    [Fact]
    public void Ten_thousand_signatures_of_any_kind_are_refused() => Gen.Select(AnyOf("sha256=", "", "sha1="), Gen.String[Gen.Char.AlphaNumeric, 0, 80]).Sample(
        (prefix, text) => WebhookSignature.IsValid(new HeaderDictionary { ["X-Hub-Signature-256"] = prefix + text }, [1, 2, 3], "a secret of any kind").ShouldBeFalse(), iter: 10_000);

    private static Gen<string> AnyOf(params string[] values) => Gen.Int[0, values.Length - 1].Select(i => values[i]);
}
