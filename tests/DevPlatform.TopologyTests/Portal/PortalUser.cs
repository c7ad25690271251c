using System.Text.RegularExpressions;
using Microsoft.Playwright;

namespace DevPlatform.TopologyTests.Portal;

/// <summary>Somebody who signed in to the portal, in a browser profile of their own, with what went wrong on the pages they visited.</summary>
internal sealed class PortalUser : IAsyncDisposable
{
    /// <summary>Also how long a page may take on a machine that does other things.</summary>
    public const float LimitMs = 60_000;

    private readonly List<string> _problems = [];
    private readonly IBrowserContext _context;
    private bool _watching = true;

    private PortalUser(IBrowserContext context, IPage page, string account) => (_context, Page, Account) = (context, page, account);

    public IPage Page { get; }

    public string Account { get; }

    /// <summary>Errors in the console and requests that failed, since sign-in.</summary>
    public IReadOnlyList<string> Problems => _problems;

    /// <summary>Opens the portal and signs in at Keycloak's page, password = name.</summary>
    public static async Task<PortalUser> SignInAsync(Chromium chromium, Uri portal, string account, BrowserNewContextOptions? options = null)
    {
        options ??= new BrowserNewContextOptions { ViewportSize = new ViewportSize { Width = 1280, Height = 900 } };
        options.BaseURL = portal.ToString();
        var context = await chromium.NewContextAsync(options);
        context.SetDefaultTimeout(LimitMs);
        context.SetDefaultNavigationTimeout(LimitMs);
        var page = await context.NewPageAsync();
        var user = new PortalUser(context, page, account);
        await page.GotoAsync("/");
        var popup = await page.RunAndWaitForPopupAsync(() => page.GetByRole(AriaRole.Button, new() { Name = "Sign In" }).ClickAsync());
        await popup.Locator("#username").FillAsync(account);
        await popup.Locator("#password").FillAsync(account);
        await popup.Locator("#kc-login").ClickAsync();
        await page.Locator("main").First.WaitForAsync();
        user.Watch();
        return user;
    }

    /// <summary>A pattern for locators and addresses; its time limit is for those that are matched here.</summary>
    public static Regex Like(string pattern, RegexOptions options = RegexOptions.None) => new(pattern, options, TimeSpan.FromSeconds(5));

    public async ValueTask DisposeAsync()
    {
        // Where it stood, for whoever reads of a failure.
        await ScreenshotAsync($"last-{Account}");
        await _context.CloseAsync();
    }

    /// <summary>Goes there as a link would, and waits until the page has stopped loading.</summary>
    public async Task GoAsync(string path)
    {
        await Page.GotoAsync(path);
        await SettledAsync();
    }

    /// <summary>Waits until nothing on the page says that it is still loading.</summary>
    public async Task SettledAsync()
    {
        await Page.Locator("main, article, h1, h2").First.WaitForAsync();
        await Assertions.Expect(Page.GetByRole(AriaRole.Progressbar)).ToHaveCountAsync(0, new() { Timeout = LimitMs });
    }

    public Task ScreenshotAsync(string name) => Page.ScreenshotAsync(new() { Path = Path.Combine(Chromium.Screenshots, $"{name}.png"), FullPage = true });

    /// <summary>Does something in which errors are expected: an API that is away, a token that is over.</summary>
    public async Task ThroughTroubleAsync(Func<Task> trouble)
    {
        _watching = false;
        await trouble();
        _watching = true;
    }

    private void Watch()
    {
        Page.Console += (_, message) => Note(message.Type == "error", $"console: {message.Text}");
        Page.PageError += (_, error) => Note(true, $"uncaught: {error}");
        Page.Response += (_, response) => Note(response.Status >= 400, $"{response.Status} {response.Request.Method} {response.Url}");
        // A page that is left stops its own requests.
        Page.RequestFailed += (_, request) => Note(request.Failure != "net::ERR_ABORTED", $"{request.Failure} {request.Method} {request.Url}");
    }

    private void Note(bool isProblem, string text)
    {
        if (isProblem && _watching)
        {
            _problems.Add($"{new Uri(Page.Url).PathAndQuery}: {text}");
        }
    }
}
