namespace DevPlatform.Scaffolder.Templating;

/// <summary><c>range</c>, <c>cycler</c> and <c>joiner</c>.</summary>
internal static class GlobalFunctions
{
    public static TemplateValue Find(string name) => name switch
    {
        "range" => TemplateValue.Object(new RangeFunction()),
        "cycler" => TemplateValue.Object(new CyclerFunction()),
        "joiner" => TemplateValue.Object(new JoinerFunction()),
        _ => default,
    };

    private sealed class RangeFunction() : FunctionValue("range")
    {
        public override TemplateValue Invoke(RenderRun run, CallArguments arguments)
        {
            arguments.Expect(Name, 0, 3);
            var (start, stop, step) = arguments[1].IsUndefined
                ? (0, arguments[0], 1)
                : (arguments[0], arguments[1], arguments[2].IsTruthy ? arguments[2] : 1);
            var forwards = Coercion.Order(step, 0) > 0;
            var values = new List<TemplateValue>();
            for (var value = start; ; value = Coercion.Add(value, step, run))
            {
                var order = Coercion.Order(value, stop);
                if (!(forwards ? order < 0 : order > 0))
                {
                    return ListValue.Of(values);
                }

                run.Step();
                values.Add(value);
            }
        }
    }

    private sealed class CyclerFunction() : FunctionValue("cycler")
    {
        public override TemplateValue Invoke(RenderRun run, CallArguments arguments)
        {
            arguments.Expect(Name, 0, int.MaxValue);
            return TemplateValue.Object(new Cycler(arguments.Positional));
        }
    }

    /// <summary>An object with <c>next()</c>, <c>reset()</c> and <c>current</c>.</summary>
    private sealed class Cycler(TemplateValue[] values) : FunctionValue("cycler")
    {
        private int _index = -1;

        public override TemplateValue Invoke(RenderRun run, CallArguments arguments) => throw new TemplateFault("A cycler is used as .next()");

        public override TemplateValue Member(string name) => name switch
        {
            "current" => _index < 0 ? TemplateValue.Null : _index < values.Length ? values[_index] : default,
            "next" => TemplateValue.Object(new Step(name, Next)),
            "reset" => TemplateValue.Object(new Step(name, Reset)),
            _ => default,
        };

        private TemplateValue Next()
        {
            _index = values.Length == 0 ? 0 : (_index + 1) % values.Length;
            return values.Length == 0 ? default : values[_index];
        }

        private TemplateValue Reset()
        {
            _index = -1;
            return default;
        }
    }

    private sealed class JoinerFunction() : FunctionValue("joiner")
    {
        public override TemplateValue Invoke(RenderRun run, CallArguments arguments)
        {
            arguments.Expect(Name, 0, 1);
            var separator = arguments[0].IsTruthy ? arguments[0] : ",";
            var used = false;
            return TemplateValue.Object(new Step(Name, () =>
            {
                var result = used ? separator : "";
                used = true;
                return result;
            }));
        }
    }

    private sealed class Step(string name, Func<TemplateValue> step) : FunctionValue(name)
    {
        public override TemplateValue Invoke(RenderRun run, CallArguments arguments)
        {
            arguments.Expect(Name, 0, 0);
            return step();
        }
    }
}
