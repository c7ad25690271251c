using System.Text.Encodings.Web;
using System.Text.RegularExpressions;

namespace DevPlatform.Api.Web.Portal;

/// <summary>
/// Fills in <c>index.html.tmpl</c> as Backstage's app backend does: <c>publicPath</c> is empty (the portal is at the root), and the configuration
/// stands before <c>&lt;/head&gt;</c> as <c>&lt;script type="backstage.io/config"&gt;</c>.
/// </summary>
internal static partial class PortalTemplate
{
    public static string Render(string template, string title, string configuration)
    {
        var page = Expression().Replace(template, match => match.Groups[1].Value switch
        {
            var expression when expression.Contains("app.title", StringComparison.Ordinal) => HtmlEncoder.Default.Encode(title),
            // publicPath, and settings that we do not have.
            _ => "",
        });
        var head = page.IndexOf("</head>", StringComparison.OrdinalIgnoreCase);
        return page.Insert(head < 0 ? 0 : head, $"<script type=\"backstage.io/config\">{configuration}</script>");
    }

    [GeneratedRegex("<%[-=](.*?)%>", RegexOptions.Singleline, 1000)]
    private static partial Regex Expression();
}
