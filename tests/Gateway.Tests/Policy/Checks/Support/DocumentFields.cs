using System.Collections;
using System.Reflection;
using System.Text.Json.Serialization;
using Gateway.EngineApi.Documents;

namespace Gateway.Tests.Policy.Checks.Support;

/// <summary>Every field that a document's type has, at any depth, as checks name it: <c>HostConfig.Mounts.Type</c>.</summary>
internal static class DocumentFields
{
    /// <summary>Of a document that is a list, those of its entries; none where these are plain.</summary>
    public static IEnumerable<string> Of(Type document) => typeof(IList).IsAssignableFrom(document) ? Inner(document) is { } entry ? Of(entry, "") : [] : Of(document, "");

    private static IEnumerable<string> Of(Type type, string prefix)
    {
        foreach (var property in type.GetProperties(BindingFlags.Public | BindingFlags.Instance).Where(p => p.GetIndexParameters().Length == 0))
        {
            var name = prefix + (property.GetCustomAttribute<JsonPropertyNameAttribute>()?.Name ?? property.Name);
            var inner = Inner(property.PropertyType);

            // A map's keys are a value of their own, beside the fields of what they lead to.
            if (inner is null || IsMap(property.PropertyType))
            {
                yield return name;
            }

            foreach (var field in inner is null ? [] : Of(inner, name + "."))
            {
                yield return field;
            }
        }
    }

    private static bool IsMap(Type type) => typeof(IDictionary).IsAssignableFrom(type);

    /// <summary>The document's type that a list, a map or the property itself leads to; null for a plain value.</summary>
    private static Type? Inner(Type type)
    {
        while (type.IsGenericType && type.GetGenericArguments() is [.., var last] && type.Namespace != typeof(HostConfig).Namespace)
        {
            type = last;
        }

        return type.Namespace?.StartsWith(typeof(HostConfig).Namespace!, StringComparison.Ordinal) == true && type != typeof(EmptyObject) && !typeof(IEnumerable).IsAssignableFrom(type) ? type : null;
    }
}
