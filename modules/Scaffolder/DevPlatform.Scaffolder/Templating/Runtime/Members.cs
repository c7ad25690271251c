namespace DevPlatform.Scaffolder.Templating;

/// <summary>What <c>.</c> and <c>[]</c> find. Only what is listed here exists; there is no prototype and no host object to reach.</summary>
internal static class Members
{
    /// <summary>An own member, a method, or undefined.</summary>
    public static TemplateValue Get(TemplateValue target, string name, bool compat)
    {
        if (target.AsFunction is { } function)
        {
            return function.Member(name);
        }

        var own = Own(target, name);
        if (!own.IsUndefined || Has(target, name) || RecordValue.IsReserved(name))
        {
            return own;
        }

        return Method.Find(target, name, compat) is { } method ? TemplateValue.Object(method) : default;
    }

    /// <summary>An entry of a list, record or text, or its length.</summary>
    public static TemplateValue Own(TemplateValue target, string name)
    {
        if (target.AsRecord is { } record)
        {
            return record[name];
        }

        if (target.AsList is { } list)
        {
            return name == "length" ? list.Items.Count : IndexIn(name, list.Items.Count) is { } index ? list.Items[index] : default;
        }

        if (target.AsText is { } text)
        {
            return name == "length" ? text.Length
                : name == "val" && target.IsSafeText ? text
                : IndexIn(name, text.Length) is { } index ? text[index].ToString() : default(TemplateValue);
        }

        return default;
    }

    /// <summary>Whether there is such an own member, even an undefined one.</summary>
    public static bool Has(TemplateValue target, string name)
    {
        if (target.AsRecord is { } record)
        {
            return record.Has(name);
        }

        var length = target.AsList?.Items.Count ?? target.AsText?.Length;
        return length is { } count && (name == "length" || (name == "val" && target.IsSafeText) || IndexIn(name, count) is not null);
    }

    public static string KindName(TemplateValue value) => value.Kind switch
    {
        TemplateValueKind.Undefined => "undefined",
        TemplateValueKind.Null => "null",
        TemplateValueKind.Pattern => "a regular expression",
        TemplateValueKind.SafeText => "a text",
        var kind => $"a {kind.ToString().ToLowerInvariant()}",
    };

    private static int? IndexIn(string name, int length) => RecordValue.IndexOf(name) is { } index && index < length ? (int)index : null;
}
