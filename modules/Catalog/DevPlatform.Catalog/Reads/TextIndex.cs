namespace DevPlatform.Catalog.Reads;

/// <summary>
/// Finds the ids whose text contains a term anywhere. Texts are taken apart into words (runs of letters and digits): a term without anything else
/// in it is in a text exactly when it is in one of its words, and few words are shared by many texts. Written under the index's write lock, read
/// under its read lock.
/// </summary>
internal sealed class TextIndex
{
    private const int GramLength = 3;
    private const int MaxEmptyWords = 1000;

    private readonly Dictionary<int, string[]> _texts = [];
    private readonly Dictionary<string, int> _numbers = new(StringComparer.Ordinal);
    private readonly List<(string Word, IdSet Ids)> _words = [];

    /// <summary>Words by each three characters in them.</summary>
    private readonly Dictionary<(char, char, char), List<int>> _grams = [];

    private int _emptyWords;

    /// <summary>Words whose texts are gone pile up; then it is better made anew.</summary>
    public bool IsWorn => _emptyWords > MaxEmptyWords && _emptyWords > _words.Count / 2;

    public void Add(int id, string lowerText)
    {
        _texts[id] = _texts.TryGetValue(id, out var others) ? [.. others, lowerText] : [lowerText];
        foreach (var range in Words(lowerText))
        {
            var ids = _words[NumberOf(lowerText[range])].Ids;
            _emptyWords -= ids.Count == 0 ? 1 : 0;
            ids.Add(id);
        }
    }

    /// <summary>Forgets all texts of an id.</summary>
    public void Remove(int id)
    {
        if (!_texts.Remove(id, out var texts))
        {
            return;
        }

        foreach (var word in texts.SelectMany(text => Words(text).Select(range => text[range])))
        {
            var ids = _words[_numbers[word]].Ids;
            if (ids.Contains(id))
            {
                ids.Remove(id);
                _emptyWords += ids.Count == 0 ? 1 : 0;
            }
        }
    }

    /// <summary>Adds to <paramref name="bits"/>, which is long enough, the ids with the term in one of their texts.</summary>
    public void FindInto(ulong[] bits, string lowerTerm)
    {
        ulong[]? candidates = null;
        var pieces = Words(lowerTerm).ToList();
        foreach (var piece in pieces)
        {
            var having = new ulong[bits.Length];
            Having(lowerTerm[piece], having);
            if (candidates is null)
            {
                candidates = having;
            }
            else
            {
                Bits.And(candidates, having);
            }
        }

        if (candidates is not null && pieces is [var only] && only.Equals(..lowerTerm.Length))
        {
            Bits.Or(bits, candidates);
            return;
        }

        foreach (var (id, texts) in _texts)
        {
            if ((candidates is null || Bits.Has(candidates, id)) && texts.Any(text => text.Contains(lowerTerm, StringComparison.Ordinal)))
            {
                bits[id >> 6] |= 1UL << id;
            }
        }
    }

    private void Having(string piece, ulong[] bits)
    {
        if (piece.Length < GramLength)
        {
            foreach (var (word, ids) in _words)
            {
                if (word.Contains(piece, StringComparison.Ordinal))
                {
                    ids.OrInto(bits);
                }
            }

            return;
        }

        List<int>? fewest = null;
        for (var i = 0; i + GramLength <= piece.Length; i++)
        {
            if (!_grams.TryGetValue((piece[i], piece[i + 1], piece[i + 2]), out var numbers))
            {
                return;
            }

            fewest = fewest is null || numbers.Count < fewest.Count ? numbers : fewest;
        }

        foreach (var number in fewest!)
        {
            var (word, ids) = _words[number];
            if (word.Contains(piece, StringComparison.Ordinal))
            {
                ids.OrInto(bits);
            }
        }
    }

    private int NumberOf(string word)
    {
        if (_numbers.TryGetValue(word, out var number))
        {
            return number;
        }

        number = _words.Count;
        _numbers[word] = number;
        _words.Add((word, new IdSet()));
        _emptyWords++;
        for (var i = 0; i + GramLength <= word.Length; i++)
        {
            var gram = (word[i], word[i + 1], word[i + 2]);
            if (!_grams.TryGetValue(gram, out var numbers))
            {
                _grams[gram] = numbers = [];
            }

            // The same three characters may come twice in a word.
            if (numbers.Count == 0 || numbers[^1] != number)
            {
                numbers.Add(number);
            }
        }

        return number;
    }

    private static IEnumerable<Range> Words(string text)
    {
        for (var i = 0; i < text.Length; i++)
        {
            var start = i;
            while (i < text.Length && char.IsLetterOrDigit(text[i]))
            {
                i++;
            }

            if (i > start)
            {
                yield return start..i;
            }
        }
    }
}
