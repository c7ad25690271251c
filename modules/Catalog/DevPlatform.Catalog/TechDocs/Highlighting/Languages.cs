namespace DevPlatform.Catalog.TechDocs.Highlighting;

/// <summary>The languages that docs of a platform show, by what colours them. Names as after a code fence.</summary>
internal static class Languages
{
    private const string DoubleQuoted = """
        "(?:\\.|[^"\\\n])*"
        """;

    private const string SingleQuoted = @"'(?:\\.|[^'\\\n])*'";
    private const string Number = @"\b\d[\w.]*\b";
    private const string Word = @"[A-Za-z_]\w*";
    private const string SlashComment = @"//[^\n]*|/\*(?:[^*]|\*+[^*/])*\*+/";
    private const string HashComment = @"#[^\n]*";

    private static readonly Language CLike = new(SlashComment, $"{DoubleQuoted}|{SingleQuoted}|`(?:\\\\.|[^`\\\\])*`", null, Number, Word, "");

    public static readonly IReadOnlyDictionary<string, Language> ByName = new Dictionary<string, Language>(StringComparer.Ordinal)
    {
        ["csharp"] = CLike with
        {
            Words = "abstract as async await base bool break byte case catch char class const continue decimal default delegate do double else enum event explicit "
                + "extern false finally fixed float for foreach get if implicit in init int interface internal is lock long namespace new null object operator out "
                + "override params private protected public readonly record ref required return sbyte sealed set short sizeof static string struct switch this throw "
                + "true try typeof uint ulong unchecked unsafe ushort using var virtual void volatile when where while with yield",
        },
        ["java"] = CLike with
        {
            Words = "abstract assert boolean break byte case catch char class const continue default do double else enum extends false final finally float for if "
                + "implements import instanceof int interface long native new null package private protected public record return short static super switch "
                + "synchronized this throw throws transient true try var void volatile while val fun when object companion override data sealed",
        },
        ["javascript"] = CLike with
        {
            Words = "abstract any as async await boolean break case catch class const continue debugger declare default delete do else enum export extends false finally "
                + "for from function if implements import in instanceof interface keyof let namespace never new null number of private protected public readonly "
                + "return static string super switch this throw true try type typeof undefined unknown var void while with yield",
        },
        ["go"] = CLike with
        {
            Words = "any bool break byte case chan const continue default defer else error fallthrough false float64 for func go goto if import int int64 interface map nil "
                + "package range return rune select string struct switch true type uint var",
        },
        ["rust"] = CLike with
        {
            Words = "as async await bool break const continue crate dyn else enum extern false fn for if impl in let loop match mod move mut pub ref return self Self static "
                + "str struct super trait true type u8 u32 u64 i32 i64 unsafe use usize where while",
        },
        ["c"] = CLike with
        {
            Words = "auto bool break case char class const constexpr continue default delete do double else enum extern false float for goto if include int long namespace new "
                + "nullptr private protected public register return short signed sizeof static struct switch template this true typedef typename union unsigned "
                + "using virtual void volatile while define",
        },
        ["protobuf"] = CLike with
        {
            Words = "syntax package import option message enum service rpc returns stream repeated optional required oneof map reserved extend string bytes bool int32 int64 "
                + "uint32 uint64 double float true false",
        },
        ["css"] = CLike with { Key = @"[\w-]+\s*:", Words = "" },
        ["python"] = CLike with
        {
            Comment = HashComment,
            Text = $"\"\"\"(?:[^\"]|\"[^\"]|\"\"[^\"])*\"\"\"|{DoubleQuoted}|{SingleQuoted}",
            Words = "and as assert async await break class continue def del elif else except False finally for from global if import in is lambda match None nonlocal not or pass "
                + "raise return self True try while with yield",
        },
        ["ruby"] = CLike with { Comment = HashComment, Words = "begin class def do else elsif end ensure false if in module nil not or require rescue return self super then true unless until when while yield" },
        ["bash"] = CLike with
        {
            Comment = @"(?:^|[ \t])#[^\n]*",
            Text = $"{DoubleQuoted}|'[^']*'",
            Key = @"\$\{[^}\n]*\}|\$\w+",
            Words = "case cd do done echo elif else esac exit export fi for function if in local return set source then until while git docker kubectl helm dotnet npm yarn curl",
        },
        ["powershell"] = CLike with { Comment = HashComment, Key = @"\$[\w:]+", Words = "begin break catch continue else elseif end exit false filter finally for foreach function if in param process return switch throw true try while" },
        ["dockerfile"] = CLike with
        {
            Comment = HashComment,
            Words = "ADD ARG AS CMD COPY ENTRYPOINT ENV EXPOSE FROM HEALTHCHECK LABEL ONBUILD RUN SHELL STOPSIGNAL USER VOLUME WORKDIR",
        },
        ["hcl"] = CLike with { Comment = $"{HashComment}|{SlashComment}", Key = @"[\w-]+\s*=", Words = "data false for if in locals module null output provider resource terraform true variable" },
        ["sql"] = CLike with
        {
            Comment = @"--[^\n]*|/\*(?:[^*]|\*+[^*/])*\*+/",
            Text = "'(?:''|[^'])*'",
            IgnoreCase = true,
            Words = "add all alter and as asc begin between by cascade case check column commit constraint create cross database default delete desc distinct drop else end exists "
                + "false foreign from full function grant group having in index inner insert into is join key left like limit not null offset on or order outer "
                + "primary references returning revoke right rollback schema select set table then transaction trigger true union unique update using values view when where with",
        },
        ["graphql"] = CLike with { Comment = HashComment, Key = @"\w+\s*:", Words = "type query mutation subscription input enum interface union scalar schema fragment on implements extend directive true false null" },
        ["yaml"] = CLike with { Comment = HashComment, Text = $"{DoubleQuoted}|'(?:''|[^'\n])*'", Key = @"[\w./$@{}*-]+[ ]*:(?:[ \t]|$)", Words = "true false null yes no" },
        ["toml"] = CLike with { Comment = @"[#;][^\n]*", Key = @"^[ \t]*[\w.""-]+[ ]*=|^[ \t]*\[+[^\]\n]*\]+", Words = "true false" },
        ["json"] = CLike with { Text = DoubleQuoted, Key = $"{DoubleQuoted}\\s*:", Words = "true false null" },
        ["xml"] = CLike with { Comment = "<!--(?:[^-]|-[^-]|--[^>])*-->", Text = $"{DoubleQuoted}|'[^'<]*'", Key = @"</?[\w:.-]+|/?>|<[?!][\w:.-]+|[?]>", Words = "" },
        ["http"] = CLike with { Comment = null, Key = @"^[\w-]+:", Words = "GET POST PUT PATCH DELETE HEAD OPTIONS HTTP" },
        ["diff"] = new Language(null, null, null, null, null, ""),
    };

    /// <summary>Other names → ours.</summary>
    public static readonly IReadOnlyDictionary<string, string> Aliases = new Dictionary<string, string>(StringComparer.Ordinal)
    {
        ["cs"] = "csharp",
        ["c#"] = "csharp",
        ["kotlin"] = "java",
        ["kt"] = "java",
        ["groovy"] = "java",
        ["scala"] = "java",
        ["js"] = "javascript",
        ["ts"] = "javascript",
        ["typescript"] = "javascript",
        ["jsx"] = "javascript",
        ["tsx"] = "javascript",
        ["node"] = "javascript",
        ["golang"] = "go",
        ["rs"] = "rust",
        ["cpp"] = "c",
        ["c++"] = "c",
        ["h"] = "c",
        ["proto"] = "protobuf",
        ["scss"] = "css",
        ["less"] = "css",
        ["py"] = "python",
        ["python3"] = "python",
        ["rb"] = "ruby",
        ["sh"] = "bash",
        ["shell"] = "bash",
        ["zsh"] = "bash",
        ["console"] = "bash",
        ["shell-session"] = "bash",
        ["terminal"] = "bash",
        ["ps1"] = "powershell",
        ["pwsh"] = "powershell",
        ["docker"] = "dockerfile",
        ["terraform"] = "hcl",
        ["tf"] = "hcl",
        ["postgresql"] = "sql",
        ["postgres"] = "sql",
        ["psql"] = "sql",
        ["mysql"] = "sql",
        ["tsql"] = "sql",
        ["yml"] = "yaml",
        ["ini"] = "toml",
        ["cfg"] = "toml",
        ["properties"] = "toml",
        ["env"] = "toml",
        ["json5"] = "json",
        ["jsonc"] = "json",
        ["html"] = "xml",
        ["xhtml"] = "xml",
        ["svg"] = "xml",
        ["csproj"] = "xml",
        ["razor"] = "xml",
        ["patch"] = "diff",
        ["gql"] = "graphql",
    };
}

/// <summary>How a language's text is cut up: regular expressions without lookaround, so that they run in linear time.</summary>
/// <param name="Comment">Comments.</param>
/// <param name="Text">String literals.</param>
/// <param name="Key">Names of fields, tags and variables.</param>
/// <param name="Number">Numbers.</param>
/// <param name="Word">Words, of which <paramref name="Words"/> are keywords.</param>
/// <param name="Words">Keywords, separated by spaces.</param>
internal sealed record Language(string? Comment, string? Text, string? Key, string? Number, string? Word, string Words)
{
    public bool IgnoreCase { get; init; }
}
