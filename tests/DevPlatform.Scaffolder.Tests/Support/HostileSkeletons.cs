namespace DevPlatform.Scaffolder.Tests.Support;

/// <summary>Skeletons of one file each whose author means harm, and what the platform says to each. Rendered with <c>values.name = x</c>.</summary>
internal static class HostileSkeletons
{
    public static IReadOnlyDictionary<string, (string Path, string Content, string Reason)> All { get; } =
        new Dictionary<string, (string, string, string)>(StringComparer.Ordinal)
        {
            ["endless-loop"] = ("a.md", "{% for a in range(90000) %}{% for b in range(90000) %}{% endfor %}{% endfor %}", "exceeds the limit of"),
            ["endless-recursion"] = ("a.md", "{% macro m() %}${{ m() }}{% endmacro %}${{ m() }}", "macros calling each other"),
            ["huge-output"] = ("a.md", "{% set s = 'x' | center(1000000) %}{% for i in range(1000) %}${{ s }}{% endfor %}", "characters of output"),
            ["huge-value"] = ("a.md", "{% set s = 'xxxxxxxx' %}{% for i in range(99) %}{% set s = s ~ s %}{% endfor %}", "characters and list entries made"),
            ["huge-list"] = ("a.md", "{% set l = [1] %}{% for i in range(99) %}{% set l = l.concat(l) %}{% endfor %}", "at most 100000 entries"),
            ["deep-brackets"] = ("a.md", "${{ " + new string('(', 50_000) + " }}", "256"),
            ["slow-pattern"] = ("a.md", "${{ 'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa!' | replace(r/(a+)+$/, '') }}", "longer than 500 ms"),
            ["host-constructor"] = ("a.md", "${{ values.constructor.constructor('return process')() }}", "constructor"),
            ["host-prototype"] = ("a.md", "${{ values['__proto__'] }}", "__proto__"),
            ["host-method"] = ("a.md", "${{ values.name.GetType() }}", "values.name.GetType is undefined and cannot be called"),
            ["host-file"] = ("a.md", "{% include '/etc/passwd' %}", "The tag \"include\" is not supported"),
            ["upward-name"] = ("${{ '..' }}/${{ '..' }}/x.md", "x", "a path inside the workspace"),
            ["upward-name-by-value"] = ("${{ values.up }}.md", "x", "a path inside the workspace"),
            ["backslash-name"] = ("${{ values.back }}.md", "x", "a path inside the workspace"),
            ["endless-name"] = ("${{ 'x' | center(300) | replace(' ', 'y') }}.md", "x", "too long"),
            ["name-that-loops"] = ("{% for a in range(90000) %}{% for b in range(90000) %}{% endfor %}{% endfor %}.md", "x", "exceeds the limit of"),
        };

    public const string Values = """{ name: x, up: "../../x", back: "..\\..\\x" }""";
}
