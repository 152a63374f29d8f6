package dev.trunkline.handlers.wordcount;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import java.time.Duration;
import org.jsoup.Jsoup;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class VisibleTextTest {

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "<title>no</title><p>yes|yes",
        "<p>a<!-- no -->b|ab",
        "a<script>no()</script>b|ab",
        "a<style>no{}</style>b|ab",
        "a<noscript>no</noscript>b|ab",
        "<head><noscript>no</noscript></head>yes|yes",
        "<template><p>no</template>yes|yes",
        "<div hidden>no <b>no</b></div>yes|yes",
        "<div hidden=''>no</div>yes|yes",
        "<p style='color:red; DISPLAY : none'>no</p>yes|yes",
        "<p style='display:none!important'>no</p>yes|yes",
        "<p style='visibility:hidden'>no</p>yes|yes",
        "<p style='display:nonesuch; x-display:none'>yes|yes",
        "<textarea>no</textarea>yes|yes",
        "a<select><option>no</select>b|a b",
        "a<input value=no>b|a b",
        "<iframe>no</iframe><video>no</video><object>no</object>yes|yes",
        "<dialog>no</dialog><dialog open>yes</dialog>|yes",
        "<button>yes</button>yes|yes yes",
        "<details><summary>a</summary>b</details>|a b",
        "<b>foo</b>bar|foobar",
        "f<i>o</i><a href=x>o</a><wbr>b<span>ar</span>|foobar",
        "co&shy;operate|cooperate",
        "<p>foo</p><p>bar</p>|foo bar",
        "foo<br>bar<hr>baz<img src=x>qux|foo bar baz qux",
        "<ul><li>a<li>b</ul><dl><dt>c<dd>d</dl>|a b c d",
        "<table><tr><td>a<td>b<tr><th>c</table>|a b c",
        "a<div>b</div>c<h1>d</h1>e|a b c d e",
        "<pre>a&#10;b</pre>c|a b c",
        "caf&eacute; &amp; &#x74;&#101;a&nbsp;time &lt;b&gt;|café tea time b",
        "<ruby>漢<rp>(</rp><rt>kan</rt><rp>)</rp></ruby>|漢 kan",
        "a<svg><title>no</title><text>b</text><text>c</text></svg>d|a b c d",
      })
  void only_what_is_seen_is_counted(String html, String words) {
    String text = VisibleText.of(Jsoup.parse(html));

    assertThat(String.join(" ", Words.of(text).toList())).isEqualTo(words);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"<b>", "<div>", "<a>", "<table>", "<p>x", "<", "&amp;", "<!--", "<a b=c "})
  void a_megabyte_of_nonsense_takes_seconds(String unit) {
    String html = unit.repeat(1_000_000 / unit.length());

    // Some seconds on a slow machine; what grows with the square would take many minutes.
    assertTimeoutPreemptively(Duration.ofMinutes(1), () -> VisibleText.of(Jsoup.parse(html)));
  }
}
