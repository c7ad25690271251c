using System.Collections.Concurrent;
using System.Diagnostics;
using System.Text;

namespace DevPlatform.MockTools.Git;

/// <summary>Git's smart HTTP protocol: each request is one run of the CGI program <c>git http-backend</c>.</summary>
internal sealed class SmartHttp(GitRepositories repositories, GitAccounts accounts, PushWebhooks webhooks, ILogger<SmartHttp> log)
{
    private readonly ConcurrentDictionary<string, SemaphoreSlim> _pushing = new(StringComparer.Ordinal);

    public void Map(WebApplication app)
    {
        app.MapGet("/{org}/{repo}/info/refs", (HttpContext context, string org, string repo) =>
            ServeAsync(context, org, repo, "info/refs", context.Request.Query["service"] == "git-receive-pack"));
        app.MapPost("/{org}/{repo}/git-upload-pack", (HttpContext context, string org, string repo) => ServeAsync(context, org, repo, "git-upload-pack", write: false));
        app.MapPost("/{org}/{repo}/git-receive-pack", (HttpContext context, string org, string repo) => ServeAsync(context, org, repo, "git-receive-pack", write: true));
    }

    private async Task<IResult> ServeAsync(HttpContext context, string org, string repo, string service, bool write)
    {
        repo = repo.EndsWith(".git", StringComparison.Ordinal) ? repo[..^4] : repo;
        if (accounts.Refuse(context, write) is { } refusal)
        {
            return refusal;
        }

        if (!repositories.Exists(org, repo))
        {
            return Results.Text("Repository not found.\n", statusCode: StatusCodes.Status404NotFound);
        }

        if (service != "git-receive-pack")
        {
            await RunAsync(context, org, repo, service);
            return Results.Empty;
        }

        // One push at a time per repository, so that what a push moved can be told from what the next one did.
        var gate = _pushing.GetOrAdd($"{org}/{repo}", _ => new SemaphoreSlim(1));
        await gate.WaitAsync(context.RequestAborted);
        try
        {
            var before = PushWebhooks.References(repositories.PathOf(org, repo));
            try
            {
                await RunAsync(context, org, repo, service);
            }
            finally
            {
                // A client that hangs up as soon as it knows the result has pushed all the same.
                webhooks.Announce(org, repo, before, accounts.Caller(context.Request).User!);
            }
        }
        finally
        {
            gate.Release();
        }

        return Results.Empty;
    }

    private async Task RunAsync(HttpContext context, string org, string repo, string service)
    {
        var aborted = context.RequestAborted;
        using var process = Process.Start(StartInfo(context.Request, $"/{org}/{repo}.git/{service}"))!;
        await using var killed = aborted.Register(() => Kill(process));
        var errors = process.StandardError.ReadToEndAsync(CancellationToken.None);
        var input = SendAsync(context.Request.Body, process.StandardInput.BaseStream, aborted);
        try
        {
            var output = process.StandardOutput.BaseStream;
            await ReadHeadersAsync(output, context.Response, aborted);
            await output.CopyToAsync(context.Response.Body, aborted);
            await input;
            await process.WaitForExitAsync(aborted);
        }
        finally
        {
            Kill(process);
            if (await errors is { Length: > 0 } text)
            {
                log.LogWarning("{Org}/{Repo} {Service}: {Errors}", org, repo, service, text.Trim());
            }
        }
    }

    private ProcessStartInfo StartInfo(HttpRequest request, string path)
    {
        var start = new ProcessStartInfo("git", ["-c", "safe.directory=*", "-c", "http.receivepack=true", "http-backend"])
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        // The server's behaviour must not depend on the configuration of whoever started it.
        start.Environment["GIT_CONFIG_NOSYSTEM"] = "1";
        start.Environment["GIT_CONFIG_GLOBAL"] = OperatingSystem.IsWindows() ? "NUL" : "/dev/null";
        start.Environment["GIT_PROJECT_ROOT"] = repositories.Root;
        start.Environment["GIT_HTTP_EXPORT_ALL"] = "1";
        start.Environment["PATH_INFO"] = path;
        start.Environment["REQUEST_METHOD"] = request.Method;
        start.Environment["QUERY_STRING"] = request.QueryString.Value?.TrimStart('?') ?? "";
        start.Environment["CONTENT_TYPE"] = request.ContentType ?? "";
        start.Environment["HTTP_CONTENT_ENCODING"] = request.Headers.ContentEncoding.ToString();
        start.Environment["GIT_PROTOCOL"] = request.Headers["Git-Protocol"].ToString();
        start.Environment["REMOTE_ADDR"] = request.HttpContext.Connection.RemoteIpAddress?.ToString() ?? "";
        if (accounts.Caller(request).User is { } user)
        {
            start.Environment["REMOTE_USER"] = user;
        }

        if (request.ContentLength is { } length)
        {
            start.Environment["CONTENT_LENGTH"] = length.ToString();
        }

        return start;
    }

    private static async Task SendAsync(Stream body, Stream input, CancellationToken cancellationToken)
    {
        try
        {
            await body.CopyToAsync(input, cancellationToken);
        }
        catch (IOException) when (!cancellationToken.IsCancellationRequested)
        {
            // The program answered without reading all of the request; its answer says why.
        }
        finally
        {
            input.Close();
        }
    }

    private static async Task ReadHeadersAsync(Stream output, HttpResponse response, CancellationToken cancellationToken)
    {
        response.StatusCode = StatusCodes.Status200OK;
        while (await ReadLineAsync(output, cancellationToken) is { Length: > 0 } line)
        {
            var (name, value) = line.Split(':', 2) is [var n, var v] ? (n, v.Trim()) : (line, "");
            if (name.Equals("Status", StringComparison.OrdinalIgnoreCase))
            {
                response.StatusCode = int.Parse(value.Split(' ')[0]);
            }
            else
            {
                response.Headers.Append(name, value);
            }
        }
    }

    private static async Task<string> ReadLineAsync(Stream stream, CancellationToken cancellationToken)
    {
        var line = new StringBuilder();
        var one = new byte[1];
        while (await stream.ReadAsync(one, cancellationToken) == 1 && one[0] != '\n')
        {
            line.Append((char)one[0]);
        }

        return line.ToString().TrimEnd('\r');
    }

    private static void Kill(Process process)
    {
        try
        {
            process.Kill(entireProcessTree: true);
        }
        catch (InvalidOperationException)
        {
            // Already gone.
        }
    }
}
