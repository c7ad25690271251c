using System.Reflection;
using DevPlatform.Access.Contracts;
using DevPlatform.Catalog.Contracts;
using DevPlatform.Integrations.Contracts;
using DevPlatform.Scaffolder.Contracts;

namespace DevPlatform.ArchitectureTests;

/// <summary>
/// What Wolverine needs in order to work: it drops a message whose only handler is internal without an error, so the compiler cannot tell.
/// </summary>
public class MessageRules
{
    /// <summary>Every event, and whether nobody handles it yet, on purpose.</summary>
    private static readonly Dictionary<Type, bool> Events = new()
    {
        [typeof(EntityChanged)] = false,
        [typeof(ResourceStateChanged)] = false,
        [typeof(TaskStatusChanged)] = true,
        [typeof(AccessGranted)] = true,
        [typeof(AccessEnded)] = true,
        [typeof(ApprovalDecided)] = true,
        [typeof(RepositoryPushed)] = true,
        [typeof(RepositoryListChanged)] = true,
    };

    [Fact]
    public void Every_handler_is_public() => InternalHandlers(Platform.Modules.SelectMany(m => m.GetTypes())).ShouldBeEmpty();

    [Fact]
    public void Every_message_is_public() =>
        Platform.Modules.SelectMany(m => m.GetTypes()).SelectMany(MessagesHandledBy).Where(m => !m.IsVisible).ShouldBeEmpty();

    [Fact]
    public void A_command_or_query_has_exactly_one_handler()
    {
        var handled = Platform.Modules.SelectMany(m => m.GetTypes()).SelectMany(MessagesHandledBy).ToList();

        handled.Where(m => !Events.ContainsKey(m)).GroupBy(m => m).Where(g => g.Count() > 1).Select(g => g.Key).ShouldBeEmpty();
    }

    [Fact]
    public void An_event_that_something_depends_on_has_a_subscriber()
    {
        var handled = Platform.Modules.SelectMany(m => m.GetTypes()).SelectMany(MessagesHandledBy).ToHashSet();

        Events.Where(e => e.Value).Select(e => e.Key).Where(e => !handled.Contains(e)).ShouldBeEmpty();
    }

    [Fact]
    public void An_internal_handler_is_found() => InternalHandlers([typeof(PlantedHandler)]).ShouldBe([typeof(PlantedHandler)]);

    private static IEnumerable<Type> InternalHandlers(IEnumerable<Type> types) =>
        types.Where(t => MessagesHandledBy(t).Any() && !t.IsVisible);

    // Wolverine's convention: a class named …Handler with a method Handle or HandleAsync whose first parameter is the message.
    private static IEnumerable<Type> MessagesHandledBy(Type type) =>
        !type.Name.EndsWith("Handler", StringComparison.Ordinal) || type.GetInterfaces().Length > 0 || type.BaseType != typeof(object)
            ? []
            : type.GetMethods(BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Static | BindingFlags.Instance)
                .Where(m => m.Name is "Handle" or "HandleAsync" && m.GetParameters().Length > 0)
                .Select(m => m.GetParameters()[0].ParameterType);

    private static class PlantedHandler
    {
        internal static void Handle(EntityChanged message) => ArgumentNullException.ThrowIfNull(message);
    }
}
