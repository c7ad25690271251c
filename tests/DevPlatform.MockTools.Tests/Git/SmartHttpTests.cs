using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using DevPlatform.MockTools.Tests.Support;

namespace DevPlatform.MockTools.Tests.Git;

public sealed class SmartHttpTests(GitServerFixture server) : IClassFixture<GitServerFixture>, IDisposable
{
    private readonly TemporaryDirectory _work = new();

    public void Dispose() => _work.Dispose();

    [Fact]
    public async Task A_seeded_folder_is_a_repository_with_one_commit_that_names_the_server()
    {
        await GitCli.OkAsync(_work.Path, "clone", "-q", new Uri(server.BaseUrl, "orders/orders-api.git").AbsoluteUri, "clone");

        (await GitCli.OkAsync(_work["clone"], "rev-list", "--count", "HEAD")).ShouldBe("1");
        (await GitCli.OkAsync(_work["clone"], "branch", "--show-current")).ShouldBe("main");
        (await File.ReadAllTextAsync(_work["clone/README.md"])).ShouldBe($"Clone {server.BaseUrl.AbsoluteUri}orders/orders-api.git\n");
    }

    [Theory]
    [InlineData("nobody:nothing@")]
    [InlineData("ana:wrong@")]
    [InlineData("")]
    public async Task Pushing_without_valid_credentials_is_refused(string credentials)
    {
        await GitCli.OkAsync(_work.Path, "clone", "-q", server.As("ana", "platform/gitops.git"), "clone");
        _work.Write("clone/intruder.txt", "x");
        await GitCli.OkAsync(_work["clone"], "add", "-A");
        await GitCli.OkAsync(_work["clone"], "commit", "-q", "-m", "Intrude");

        var (exitCode, output) = await GitCli.RunAsync(_work["clone"], "push", $"http://{credentials}{server.BaseUrl.Authority}/platform/gitops.git", "HEAD:main");

        exitCode.ShouldNotBe(0);
        output.ShouldMatch("Authentication failed|could not read Username");
        (await server.Http.GetAsync("platform/gitops/raw/branch/main/intruder.txt")).StatusCode.ShouldBe(System.Net.HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task Of_two_concurrent_pushes_one_is_rejected_and_succeeds_after_a_rebase()
    {
        var url = server.As("ana", "platform/gitops.git");
        foreach (var name in (string[])["one", "two"])
        {
            await GitCli.OkAsync(_work.Path, "clone", "-q", url, name);
            _work.Write($"{name}/claims/{name}.txt", name);
            await GitCli.OkAsync(_work[name], "add", "-A");
            await GitCli.OkAsync(_work[name], "commit", "-q", "-m", name);
        }

        var pushes = await Task.WhenAll(GitCli.RunAsync(_work["one"], "push", "origin", "HEAD:main"), GitCli.RunAsync(_work["two"], "push", "origin", "HEAD:main"));

        pushes.Count(p => p.ExitCode == 0).ShouldBe(1);
        var loser = pushes[0].ExitCode == 0 ? "two" : "one";
        await GitCli.OkAsync(_work[loser], "pull", "-q", "--rebase", "origin", "main");
        await GitCli.OkAsync(_work[loser], "push", "-q", "origin", "HEAD:main");
        foreach (var name in (string[])["one", "two"])
        {
            (await server.Http.GetStringAsync($"platform/gitops/raw/branch/main/claims/{name}.txt")).ShouldBe(name);
        }
    }

    [Fact]
    public async Task A_push_is_announced_with_a_signature_and_the_changed_files()
    {
        await GitCli.OkAsync(_work.Path, "clone", "-q", server.As("portal", "orders/orders-api.git"), "clone");
        var before = await GitCli.OkAsync(_work["clone"], "rev-parse", "HEAD");
        _work.Write("clone/docs/new.md", "new");
        _work.Write("clone/README.md", "changed");
        await GitCli.CommitAndPushAsync(_work["clone"], "Document more");

        var (headers, body) = await server.Receiver.NextAsync(b => Encoding.UTF8.GetString(b).Contains("Document more"));

        headers["X-GitHub-Event"].ToString().ShouldBe("push");
        headers["X-Hub-Signature-256"].ToString().ShouldBe("sha256=" + Convert.ToHexStringLower(HMACSHA256.HashData("It's a Secret to Everybody"u8, body)));
        var push = JsonNode.Parse(body)!;
        push["ref"]!.GetValue<string>().ShouldBe("refs/heads/main");
        push["before"]!.GetValue<string>().ShouldBe(before);
        push["repository"]!["full_name"]!.GetValue<string>().ShouldBe("orders/orders-api");
        push["pusher"]!["name"]!.GetValue<string>().ShouldBe("portal");
        push["commits"]!.AsArray().Count.ShouldBe(1);
        push["head_commit"]!["added"]!.AsArray().Select(n => n!.GetValue<string>()).ShouldBe(["docs/new.md"]);
        push["head_commit"]!["modified"]!.AsArray().Select(n => n!.GetValue<string>()).ShouldBe(["README.md"]);
    }

    [Fact]
    public async Task A_large_push_arrives_whole()
    {
        await GitCli.OkAsync(_work.Path, "clone", "-q", server.As("ana", "platform/gitops.git"), "clone");
        var content = RandomNumberGenerator.GetBytes(3_000_000);
        await File.WriteAllBytesAsync(_work["clone/large.bin"], content);
        await GitCli.OkAsync(_work["clone"], "checkout", "-q", "-b", "feature/large");
        await GitCli.OkAsync(_work["clone"], "add", "-A");
        await GitCli.OkAsync(_work["clone"], "commit", "-q", "-m", "Large");
        await GitCli.OkAsync(_work["clone"], "push", "-q", "origin", "feature/large");

        (await server.Http.GetByteArrayAsync("platform/gitops/raw/branch/feature/large/large.bin")).ShouldBe(content);
    }
}
