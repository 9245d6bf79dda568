using System.Security.Cryptography;
using System.Text;

namespace Gateway.Policy.Reach.Reports;

/// <summary>The fixed parts of the HTML report: one file, nothing from elsewhere, readable without its script.</summary>
internal static class HtmlPage
{
    public const string Style = """
        :root{color-scheme:light dark;--bg:#fff;--fg:#1a1d21;--soft:#50565e;--line:#c9ced6;--card:#f5f6f8;--root:#a3141b;--host:#8a4b00;--others:#5b3aa6;--own:#1d6b3a;--link:#0b57a4}
        @media (prefers-color-scheme:dark){:root{--bg:#14171b;--fg:#e8eaed;--soft:#b0b7c0;--line:#3b424b;--card:#1d2127;--root:#ff8f8f;--host:#ffb86b;--others:#c3aaff;--own:#7fd8a0;--link:#8ec5ff}}
        *{box-sizing:border-box}
        body{margin:0 auto;max-width:72rem;padding:1rem;background:var(--bg);color:var(--fg);font:1rem/1.5 system-ui,sans-serif;overflow-wrap:anywhere}
        h1{font-size:1.6rem;line-height:1.2;margin:.5rem 0}h2{font-size:1.3rem;margin:2rem 0 .5rem}h3{font-size:1.05rem;margin:.2rem 0}
        p,dl{margin:.4rem 0}a{color:var(--link)}.soft{color:var(--soft)}
        .skip{position:absolute;left:-99rem}.skip:focus{position:static}
        table{border-collapse:collapse;width:100%}caption{text-align:left;color:var(--soft);padding:.3rem 0}
        th,td{border-bottom:1px solid var(--line);padding:.5rem .4rem;text-align:left;vertical-align:top}
        td ul{margin:0;padding-left:1.1rem}th[scope=row]{min-width:8rem}th .soft{font-weight:400}.tag{white-space:nowrap}
        .tag{display:inline-block;border:2px solid currentColor;border-radius:.3rem;padding:0 .4rem;font-weight:600;font-size:.9rem}
        .root{color:var(--root)}.host{color:var(--host)}.others{color:var(--others)}.own{color:var(--own)}
        article{background:var(--card);border-left:.35rem solid var(--line);padding:.6rem .8rem;margin:.7rem 0}
        article.error{border-color:var(--root)}article.warning{border-color:var(--host)}
        dt{font-weight:600}dd{margin:0 0 .3rem 0}code{font:.92em ui-monospace,monospace}
        details{margin:.5rem 0}summary{cursor:pointer;padding:.3rem 0}
        label{display:block;font-weight:600}input{width:100%;max-width:30rem;font:inherit;padding:.45rem;border:1px solid var(--soft);border-radius:.3rem;background:var(--bg);color:var(--fg)}
        :focus-visible{outline:3px solid var(--link);outline-offset:2px}
        @media (max-width:40rem){body{padding:.7rem}table,caption,tbody,tr,th,td{display:block}thead{position:absolute;clip-path:inset(50%);width:1px;height:1px;overflow:hidden}
        tr{border-bottom:1px solid var(--line);padding:.5rem 0}th,td{border:0;padding:.15rem 0}td[data-label]::before{content:attr(data-label) ": ";color:var(--soft)}}
        @media print{form,.skip{display:none}article,tr{break-inside:avoid}body{max-width:none}details>*{display:block}}
        """;

    /// <summary>Filters what has a data-find by the words typed; the page is whole without it.</summary>
    public const string Script = """
        (function(){var f=document.getElementById('find'),n=document.getElementById('found');if(!f)return;document.getElementById('search').hidden=false;
        var all=[].slice.call(document.querySelectorAll('[data-find]'));
        f.addEventListener('input',function(){var w=f.value.toLowerCase().split(/\s+/).filter(Boolean),shown=0;
        all.forEach(function(e){var t=e.textContent.toLowerCase(),ok=w.every(function(x){return t.indexOf(x)>=0});e.hidden=!ok;if(ok)shown++});
        n.textContent=w.length?shown+' of '+all.length+' entries':''});
        document.getElementById('search').addEventListener('submit',function(e){e.preventDefault()});
        addEventListener('beforeprint',function(){document.querySelectorAll('details').forEach(function(d){d.open=true})})})();
        """;

    /// <summary>Nothing may be loaded or sent, and no script runs but this one, whatever a policy's text says.</summary>
    public static string SecurityPolicy { get; } = $"default-src 'none'; style-src '{Hash(Style)}'; script-src '{Hash(Script)}'; base-uri 'none'; form-action 'none'";

    private static string Hash(string text) => "sha256-" + Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(text)));
}
