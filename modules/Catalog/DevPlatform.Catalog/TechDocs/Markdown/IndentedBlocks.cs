using System.Text.RegularExpressions;
using Markdig.Parsers;
using Markdig.Syntax;

namespace DevPlatform.Catalog.TechDocs.Markdown;

/// <summary>A box: <c>!!! note "Title"</c>, or one that folds: <c>??? note</c> (closed), <c>???+ note</c> (open).</summary>
internal sealed class AdmonitionBlock(BlockParser parser) : ContainerBlock(parser)
{
    /// <summary>The first class, which names the icon and the default title.</summary>
    public required string Type { get; init; }

    /// <summary>All classes, the type first.</summary>
    public required string Classes { get; init; }

    /// <summary>Null when none is written; empty to have none.</summary>
    public required string? Title { get; init; }

    public required bool Folds { get; init; }

    public required bool Open { get; init; }
}

/// <summary>One tab: <c>=== "Title"</c>; neighbours are shown as one set.</summary>
internal sealed class TabBlock(BlockParser parser) : ContainerBlock(parser)
{
    public required string Title { get; init; }

    /// <summary><c>===! "Title"</c>: begins a new set.</summary>
    public required bool StartsSet { get; init; }
}

/// <summary>Blocks of Python-Markdown: a line that opens, then everything indented by four.</summary>
internal abstract class IndentedBlockParser : BlockParser
{
    private const int Indent = 4;

    public override BlockState TryOpen(BlockProcessor processor)
    {
        if (processor.IsCodeIndent || Create(processor.Line.ToString().TrimEnd()) is not { } block)
        {
            return BlockState.None;
        }

        block.Column = processor.Column;
        block.Span = new SourceSpan(processor.Start, processor.Line.End);
        processor.NewBlocks.Push(block);
        return BlockState.ContinueDiscard;
    }

    public override BlockState TryContinue(BlockProcessor processor, Block block)
    {
        if (processor.IsBlankLine)
        {
            return BlockState.Continue;
        }

        if (processor.Indent >= Indent)
        {
            processor.GoToColumn(processor.ColumnBeforeIndent + Indent);
            block.UpdateSpanEnd(processor.Line.End);
            return BlockState.Continue;
        }

        // Closed at once, so that the line does not become a lazy continuation of a paragraph inside.
        processor.Close(block);
        return BlockState.None;
    }

    /// <summary>The block that a line opens, or null.</summary>
    protected abstract ContainerBlock? Create(string line);
}

/// <summary>Reads <see cref="AdmonitionBlock"/>s.</summary>
internal sealed partial class AdmonitionParser : IndentedBlockParser
{
    public AdmonitionParser() => OpeningCharacters = ['!', '?'];

    protected override ContainerBlock? Create(string line)
    {
        var match = Opening().Match(line);
        if (!match.Success)
        {
            return null;
        }

        var classes = match.Groups["classes"].Value.Trim().ToLowerInvariant();
        var folds = match.Groups["mark"].Value[0] == '?';
        if (classes.Length == 0 && !folds)
        {
            return null;
        }

        var title = match.Groups["title"];
        return new AdmonitionBlock(this)
        {
            Type = classes.Split(' ')[0],
            Classes = classes,
            Title = title.Success ? title.Value : null,
            Folds = folds,
            Open = match.Groups["mark"].Value.EndsWith('+'),
        };
    }

    [GeneratedRegex("""^(?<mark>!!!|\?\?\?\+?)(?: +(?<classes>[\w-]+(?: +[\w-]+)*))?(?: +"(?<title>.*)")?$""", RegexOptions.None, 1000)]
    private static partial Regex Opening();
}

/// <summary>Reads <see cref="TabBlock"/>s.</summary>
internal sealed partial class TabParser : IndentedBlockParser
{
    public TabParser() => OpeningCharacters = ['='];

    protected override ContainerBlock? Create(string line) => Opening().Match(line) is { Success: true } match
        ? new TabBlock(this) { Title = match.Groups["title"].Value, StartsSet = match.Groups["new"].Success }
        : null;

    [GeneratedRegex("""^===(?<new>!)?\+? +"(?<title>.*)"$""", RegexOptions.None, 1000)]
    private static partial Regex Opening();
}
