using System.Text.Json.Nodes;
using DevPlatform.Scaffolder.Templating;

namespace DevPlatform.Scaffolder.Tests.Templating;

public sealed class TemplateContextTests
{
    [Fact]
    public void Adds_a_value_under_a_path_without_changing_the_original()
    {
        var original = new TemplateContext(new JsonObject { ["steps"] = new JsonObject { ["a"] = 1 } });
        var changed = original.With(["steps", "b", "output"], new JsonObject { ["x"] = 2 });
        var template = Template.Parse("${{ steps | dump }}");

        template.Render(changed).ShouldBe("""{"a":1,"b":{"output":{"x":2}}}""");
        template.Render(original).ShouldBe("""{"a":1}""");
    }

    [Fact]
    public void Refuses_a_path_through_something_else_than_a_record()
    {
        var context = new TemplateContext(new JsonObject { ["a"] = new JsonObject { ["b"] = 1 } });

        Should.Throw<ArgumentException>(() => context.With(["a", "b", "c"], 1)).Message.ShouldStartWith("a.b is not a record");
    }

    [Fact]
    public void Takes_numbers_of_every_type()
    {
        var context = new JsonObject { ["a"] = 1, ["b"] = 2.5m, ["c"] = 3L, ["d"] = 1e21, ["e"] = (short)4, ["f"] = JsonNode.Parse("5.0") };

        Template.Parse("${{ a }} ${{ b }} ${{ c }} ${{ d }} ${{ e }} ${{ f }}").Render(context).ShouldBe("1 2.5 3 1e+21 4 5");
    }

    [Fact]
    public void Orders_records_as_JavaScript_does()
    {
        var context = new JsonObject { ["r"] = new JsonObject { ["b"] = 1, ["10"] = 2, ["a"] = 3, ["9"] = 4, ["01"] = 5 } };

        Template.Parse("{% for k, v in r %}${{ k }}=${{ v }} {% endfor %}").Render(context).ShouldBe("9=4 10=2 b=1 a=3 01=5 ");
    }
}
