namespace DevPlatform.Scaffolder.Templating;

internal enum TokenKind
{
    Name,
    Number,
    Text,
    Pattern,
    Operator,

    /// <summary>Not a token; the value says why. It is an error only where the parser gets to it, so that the first error is reported.</summary>
    Invalid,
    End,
}

/// <summary>One word of an expression. <paramref name="Flags"/> belongs to patterns.</summary>
internal readonly record struct Token(TokenKind Kind, string Value, int Offset, string Flags = "")
{
    public bool Is(string value) => Kind is TokenKind.Operator && Value == value;

    public bool IsName(string value) => Kind is TokenKind.Name && Value == value;

    public override string ToString() => Kind is TokenKind.End ? "the end of the tag" : $"\"{Value}\"";
}

internal enum SegmentKind
{
    Text,
    Variable,
    Block,
}

/// <summary>A piece of a template: text, or the tokens of one tag.</summary>
internal sealed record Segment(SegmentKind Kind, int Offset, string Text, IReadOnlyList<Token> Tokens)
{
    /// <summary>The tag's name, empty when it has none.</summary>
    public string Name => Tokens[0].Kind is TokenKind.Name ? Tokens[0].Value : "";
}
