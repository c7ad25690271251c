namespace DevPlatform.Scaffolder.Templating;

/// <summary>Reads the tokens of one tag in order.</summary>
internal sealed class TagReader(IReadOnlyList<Token> tokens, int start = 0)
{
    private int _at = start;

    public Token Peek(int ahead = 0) => tokens[Math.Min(_at + ahead, tokens.Count - 1)];

    public Token Take() => tokens[Math.Min(_at++, tokens.Count - 1)];

    public bool TryTake(string operation)
    {
        var found = Peek().Is(operation);
        _at += found ? 1 : 0;
        return found;
    }

    public bool TryTakeName(string name)
    {
        var found = Peek().IsName(name);
        _at += found ? 1 : 0;
        return found;
    }

    public void Expect(string operation)
    {
        if (!TryTake(operation))
        {
            throw Fault($"Expected \"{operation}\", found {Peek()}");
        }
    }

    public Token ExpectName(string what)
    {
        if (Peek().Kind is not TokenKind.Name)
        {
            throw Fault($"Expected {what}, found {Peek()}");
        }

        return Take();
    }

    public void ExpectEnd()
    {
        if (Peek().Kind is not TokenKind.End)
        {
            throw Fault($"Expected the end of the tag, found {Peek()}");
        }
    }

    public TemplateFault Fault(string message) =>
        new(Peek().Kind is TokenKind.Invalid ? Peek().Value : message, TemplateErrorKind.Syntax, Peek().Offset);
}
