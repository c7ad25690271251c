namespace DevPlatform.Api.Web.Portal;

/// <summary>What stands at <c>/</c> until the portal is built. It looks again by itself.</summary>
internal static class NotBuiltPage
{
    public const string Html = """
        <!doctype html>
        <html lang="en">
        <head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><meta http-equiv="refresh" content="5"><title>DevPlatform</title></head>
        <body style="font-family: system-ui, sans-serif; max-width: 40rem; margin: 4rem auto; padding: 0 1rem; line-height: 1.5">
        <h1>The portal is not built yet</h1>
        <p>The API is running. <code>./dev run</code> builds the portal on its own and shows its progress in the dashboard (resource <code>portal</code>); anyone else
        builds it with this command, at the root of the repository:</p>
        <pre>./dev portal</pre>
        <p>This page becomes the portal as soon as it is there; nothing needs a restart.</p>
        <p>Meanwhile: <a href="/scalar">API reference</a> · <a href="/openapi/v1.json">OpenAPI document</a> · <a href="/health/ready">health</a></p>
        </body>
        </html>
        """;
}
