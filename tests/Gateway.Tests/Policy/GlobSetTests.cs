using Gateway.Policy;
using Xunit;

namespace Gateway.Tests.Policy;

public sealed class GlobSetTests
{
    [Theory]
    [InlineData("a*", "ab*", true)]
    [InlineData("ab*", "a*", false)]
    [InlineData("*", "anything*", true)]
    [InlineData("*a*", "*ba*", true)]
    [InlineData("*ba*", "*a*", false)]
    [InlineData("a*b*c", "ab*bc", true)]
    [InlineData("a*a", "a", false)]
    [InlineData("x**y", "x*y", true)]
    [InlineData("docker.io/library/*", "docker.io/library/nginx:*", true)]
    [InlineData("docker.io/library/nginx:*", "docker.io/library/nginx*", false)]
    public void KnowsWhetherOneGlobHoldsAnother(string holder, string held, bool expected) => Assert.Equal(expected, GlobSet.Holds([holder], held));

    [Fact]
    public void SeesAUnionThatHoldsWhatNoneOfItsPartsDoes()
    {
        Assert.True(GlobSet.Holds(["", "a*", "b*"], "a*"));
        Assert.False(GlobSet.Holds(["*a", "*b"], "*"));
        Assert.Equal("", GlobSet.Missing(["*a", "*b"], "*"));
    }

    [Fact]
    public void AgreesWithMatchingOnRandomGlobs()
    {
        var random = new Random(7);
        string Text(int most, string alphabet) => string.Concat(Enumerable.Range(0, random.Next(most + 1)).Select(_ => alphabet[random.Next(alphabet.Length)]));
        for (var i = 0; i < 3000; i++)
        {
            string[] others = [Text(5, "ab*"), Text(5, "ab*")];
            var glob = Text(5, "ab*");
            var holds = GlobSet.Holds(others, glob);
            if (GlobSet.Missing(others, glob) is { } missing)
            {
                Assert.True(Glob.Matches(glob, missing) && !others.Any(other => Glob.Matches(other, missing)), $"{glob} {string.Join(' ', others)} {missing}");
            }

            for (var n = 0; n < 30; n++)
            {
                var text = Text(7, "abc");
                if (Glob.Matches(glob, text) && !others.Any(other => Glob.Matches(other, text))) Assert.False(holds, $"{glob} {string.Join(' ', others)} {text}");
                if (Glob.Matches(glob, text) && Glob.Matches(others[0], text)) Assert.True(GlobSet.Overlap(glob, others[0]));
            }
        }
    }

    [Fact]
    public void SamplesEachCombinationWithANameThatAnImageCanHave()
    {
        string[] globs = ["docker.io/library/*", "docker.io/library/nginx:*", "*:1.2"];
        var found = GlobSet.Samples(globs, images: true).Select(text => string.Concat(globs.Select(g => Glob.Matches(g, text) ? '1' : '0'))).ToHashSet();
        Assert.Equal(["000", "001", "100", "101", "110", "111"], found.Order());
    }
}
