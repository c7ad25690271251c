using DevPlatform.Shared.Errors;
using DevPlatform.Shared.Git;

namespace DevPlatform.Shared.Tests.Git;

public sealed class GitUrlTests
{
    [Theory]
    [InlineData("http://localhost:3000/platform/gitops/src/branch/main/claims/a/catalog-info.yaml", "http://localhost:3000/platform/gitops.git", "main", "claims/a/catalog-info.yaml")]
    [InlineData("http://localhost:3000/platform/gitops/raw/tag/v1/x.yaml", "http://localhost:3000/platform/gitops.git", "v1", "x.yaml")]
    [InlineData("https://git.example.com/o/r/src/branch/feature%2Fone/a%20b.yaml", "https://git.example.com/o/r.git", "feature/one", "a b.yaml")]
    [InlineData("https://github.com/acme/orders/blob/main/catalog-info.yaml", "https://github.com/acme/orders.git", "main", "catalog-info.yaml")]
    [InlineData("https://github.com/acme/orders/tree/main", "https://github.com/acme/orders.git", "main", "")]
    [InlineData("https://raw.githubusercontent.com/acme/orders/main/docs/a.md", "https://github.com/acme/orders.git", "main", "docs/a.md")]
    [InlineData("https://gitlab.com/a/b/c/-/blob/main/x.yaml", "https://gitlab.com/a/b/c.git", "main", "x.yaml")]
    [InlineData("https://host/org/repo.git/dir/x.yaml?ref=dev", "https://host/org/repo.git", "dev", "dir/x.yaml")]
    [InlineData("https://host/org/repo.git", "https://host/org/repo.git", null, "")]
    public void Recognises_the_forms_of_addresses(string url, string clone, string? reference, string path)
    {
        GitUrl.TryParse(url, out var parsed).ShouldBeTrue();
        (parsed!.CloneUrl, parsed.Reference, parsed.Path).ShouldBe((clone, reference, path));
    }

    [Theory]
    [InlineData("http://127.0.0.1:18099/all.yaml")]
    [InlineData("ftp://host/org/repo.git")]
    [InlineData("https://user:secret@host/org/repo.git")]
    [InlineData("catalog-info.yaml")]
    [InlineData(null)]
    public void Leaves_other_urls_alone(string? url) => GitUrl.TryParse(url, out _).ShouldBeFalse();

    [Theory]
    [InlineData("./x.yaml", "http://h/o/r/src/branch/main/a/x.yaml")]
    [InlineData("x/y.yaml", "http://h/o/r/src/branch/main/a/x/y.yaml")]
    [InlineData("../x.yaml", "http://h/o/r/src/branch/main/x.yaml")]
    [InlineData("/x.yaml", "http://h/o/r/src/branch/main/x.yaml")]
    [InlineData("https://other/x.yaml", "https://other/x.yaml")]
    public void Resolves_what_a_file_names(string target, string expected) =>
        Parse("http://h/o/r/src/branch/main/a/catalog-info.yaml").Resolve(target).ShouldBe(expected);

    [Fact]
    public void Refuses_to_leave_the_repository() =>
        Should.Throw<InputException>(() => Parse("http://h/o/r/src/branch/main/a/b.yaml").Resolve("../../x")).Message.ShouldContain("leads out of the repository");

    [Theory]
    [InlineData("http://h/o/r/src/branch/main/a/b.yaml", "http://h/o/r/src/branch/main/a/", "http://h/o/r/_edit/branch/main/a/b.yaml")]
    [InlineData("https://github.com/o/r/blob/main/b.yaml", "https://github.com/o/r/tree/main/", "https://github.com/o/r/edit/main/b.yaml")]
    public void Knows_the_directory_and_the_edit_page(string url, string directory, string edit)
    {
        Parse(url).DirectoryUrl.ShouldBe(directory);
        Parse(url).EditUrl.ShouldBe(edit);
    }

    [Theory]
    [InlineData("http://localhost:3000/o/r.git", "http://localhost:3000/o/r/src/branch/main/a/b.yaml")]
    [InlineData("https://github.com/o/r", "https://github.com/o/r/blob/main/a/b.yaml")]
    public void Writes_the_web_address_of_a_file_of_a_repository(string clone, string expected)
    {
        var url = GitUrl.ForFile(clone, "main", "a/b.yaml");
        url.ToString().ShouldBe(expected);
        Parse(expected).ShouldBe(url);
    }

    private static GitUrl Parse(string url) => GitUrl.TryParse(url, out var parsed) ? parsed : throw new InvalidOperationException(url);
}
