using System.Text.Json.Nodes;
using DevPlatform.Scaffolder.Templating;

namespace DevPlatform.Scaffolder.Tests.Templating;

public sealed class SandboxTests
{
    [Theory]
    [InlineData("${{ user.constructor }}")]
    [InlineData("${{ user['__proto__'] }}")]
    [InlineData("${{ 'x'.constructor('return 1')() }}")]
    [InlineData("${{ prototype }}")]
    [InlineData("{% set __proto__ = 1 %}")]
    [InlineData("${{ {constructor: 1} }}")]
    [InlineData("${{ list | join(',', 'constructor') }}")]
    [InlineData("${{ list | sort(attribute='a.__proto__') }}")]
    [InlineData("${{ ['__proto__'] | groupby }}")]
    [InlineData("${{ range.constructor('return 1')() }}")]
    public void Refuses_the_names_that_lead_out(string source)
    {
        Should.Throw<TemplateException>(() => Render(source));
    }

    [Theory]
    [InlineData("${{ user['constr' ~ 'uctor'] }}")]
    [InlineData("${{ user.toString }}${{ user.hasOwnProperty }}${{ user.GetType }}")]
    [InlineData("${{ 'x'.GetType }}${{ 'x'.Length }}${{ 'x'.link }}")]
    [InlineData("${{ list.map }}${{ list.Count }}${{ list.constructor2 }}")]
    [InlineData("${{ process }}${{ global }}${{ globalThis }}${{ require }}${{ this }}${{ self }}")]
    [InlineData("${{ (5).constructorName }}${{ true.valueOf }}")]
    [InlineData("{% set k = '__proto__' %}${{ user[k] }}${{ list[k] }}${{ name[k] }}")]
    public void Finds_nothing_that_was_not_given(string source)
    {
        Render(source).ShouldBeEmpty();
    }

    [Fact]
    public void Refuses_a_context_with_a_reserved_key()
    {
        Should.Throw<ArgumentException>(() => new TemplateContext(new JsonObject { ["a"] = new JsonObject { ["__proto__"] = 1 } }))
            .Message.ShouldStartWith("The key \"__proto__\" is reserved");
    }

    [Fact]
    public void Keeps_changes_of_lists_to_one_render()
    {
        var context = new TemplateContext(new JsonObject { ["list"] = new JsonArray(3, 1, 2), ["same"] = new JsonObject { ["list"] = new JsonArray(1) } });
        var template = Template.Parse("{% set x = same.list.push(9) %}${{ list.sort() }} ${{ list.pop() }} ${{ list }} ${{ same.list }}");

        template.Render(context).ShouldBe("1,2,3 3 1,2 1,9");
        template.Render(context).ShouldBe("1,2,3 3 1,2 1,9");
    }

    [Fact]
    public void Keeps_changes_through_computed_names_to_one_render()
    {
        var context = new TemplateContext(new JsonObject { ["list"] = new JsonArray(1) });
        var template = Template.Parse("{% set f = list['pu' ~ 'sh'] %}{% set x = f(2) %}${{ list }}${{ list['po' ~ 'p']() }}${{ list }}");

        template.Render(context).ShouldBe("1,221");
        template.Render(context).ShouldBe("1,221");
    }

    [Fact]
    public void Keeps_changes_of_globals_to_one_render()
    {
        var globals = new Dictionary<string, TemplateValue> { ["shared"] = TemplateValue.FromJson(new JsonArray(1)) };
        var template = Template.Parse("{% set x = shared.push(2) %}${{ shared }}", new TemplateOptions { Globals = globals });

        template.Render([]).ShouldBe("1,2");
        template.Render([]).ShouldBe("1,2");
    }

    [Fact]
    public async Task Renders_one_template_on_many_threads()
    {
        var template = Template.Parse("{% macro m(x) %}[${{ x }}]{% endmacro %}{% for i in list %}${{ m(i) }}{% set y = list.push(i) if loop.index < 3 %}{% endfor %}");
        var context = new TemplateContext(new JsonObject { ["list"] = new JsonArray(1, 2) });

        var results = await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => Task.Run(() => template.Render(context))));

        results.ShouldAllBe(result => result == "[1][2][1][2]");
    }

    private static string Render(string source) => Template.Parse(source).Render(new JsonObject
    {
        ["name"] = "orders",
        ["user"] = new JsonObject { ["name"] = "asa" },
        ["list"] = new JsonArray(new JsonObject { ["a"] = 1 }, new JsonObject { ["a"] = 2 }),
    });

}
