package dev.trunkline.bench.report;

import java.util.List;
import java.util.Locale;

/**
 * A chart of horizontal bars as SVG: medians, with a line from the least to the most of the rounds.
 * Its colours follow the reader's light or dark mode.
 *
 * @param unit of all bars
 */
record Chart(String title, String unit, boolean logarithmic, List<Bar> bars) {

  private static final int WIDTH = 860;
  private static final int LEFT = 390;
  private static final int RIGHT = 90;
  private static final int TOP = 56;
  private static final int ROW = 26;
  private static final int THICKNESS = 16;

  private static final String STYLE =
      """
      <style>
        text { font: 13px system-ui, sans-serif; fill: #24292f }
        .title { font-size: 16px; font-weight: 600 }
        .soft { fill: #57606a; font-size: 12px }
        .bar-0 { fill: #0969da } .bar-1 { fill: #8c959f } .bar-2 { fill: #bf8700 }
        .whisker { stroke: #24292f; stroke-width: 1.5; fill: none }
        .grid { stroke: #d0d7de }
        .ground { fill: #ffffff }
        @media (prefers-color-scheme: dark) {
          text { fill: #e6edf3 }
          .soft { fill: #8d96a0 }
          .bar-0 { fill: #4493f8 } .bar-1 { fill: #656c76 } .bar-2 { fill: #d29922 }
          .whisker { stroke: #e6edf3 }
          .grid { stroke: #3d444d }
          .ground { fill: #0d1117 }
        }
      </style>
      """;

  String svg() {
    int height = TOP + ROW * bars.size() + 34;
    StringBuilder svg = new StringBuilder();
    line(
        svg,
        """
        <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %d %d" width="%d" height="%d" role="img">\
        <title>%s</title>\
        """,
        WIDTH,
        height,
        WIDTH,
        height,
        escaped(title));
    svg.append(STYLE);
    line(svg, "<rect class=\"ground\" width=\"%d\" height=\"%d\" rx=\"6\"/>", WIDTH, height);
    line(svg, "<text class=\"title\" x=\"16\" y=\"26\">%s</text>", escaped(title));
    line(svg, "<text class=\"soft\" x=\"16\" y=\"44\">%s</text>", escaped(legend()));
    Axis axis = Axis.of(bars, logarithmic);
    ticks(svg, axis, TOP + ROW * bars.size());
    for (int i = 0; i < bars.size(); i++) {
      bar(svg, axis, bars.get(i), TOP + ROW * i);
    }
    return svg.append("</svg>\n").toString();
  }

  private String legend() {
    return unit
        + (logarithmic ? ", logarithmic" : "")
        + "; bars are medians, lines from the least to the most of the rounds";
  }

  private static void ticks(StringBuilder svg, Axis axis, int bottom) {
    for (double tick : axis.ticks()) {
      double x = x(axis, tick);
      line(svg, "<path class=\"grid\" d=\"M%.1f %dV%d\"/>", x, TOP, bottom);
      line(
          svg,
          "<text class=\"soft\" x=\"%.1f\" y=\"%d\" text-anchor=\"middle\">%s</text>",
          x,
          bottom + 18,
          Numbers.of(tick));
    }
  }

  private static void bar(StringBuilder svg, Axis axis, Bar bar, int top) {
    int middle = top + ROW / 2;
    double end = x(axis, bar.summary().median());
    double least = x(axis, bar.summary().least());
    double most = x(axis, bar.summary().most());
    line(
        svg,
        "<text x=\"%d\" y=\"%d\" text-anchor=\"end\">%s</text>",
        LEFT - 10,
        middle + 5,
        escaped(bar.label()));
    line(
        svg,
        "<rect class=\"bar-%d\" x=\"%d\" y=\"%d\" width=\"%.1f\" height=\"%d\" rx=\"2\"/>",
        bar.colour(),
        LEFT,
        middle - THICKNESS / 2,
        Math.max(1, end - LEFT),
        THICKNESS);
    line(
        svg,
        "<path class=\"whisker\" d=\"M%.1f %dH%.1fM%.1f %dv8M%.1f %dv8\"/>",
        least,
        middle,
        most,
        least,
        middle - 4,
        most,
        middle - 4);
    line(
        svg,
        "<text x=\"%.1f\" y=\"%d\">%s</text>",
        Math.max(end, most) + 8,
        middle + 5,
        Numbers.of(bar.summary().median()));
  }

  private static double x(Axis axis, double value) {
    return LEFT + axis.share(value) * (WIDTH - LEFT - RIGHT);
  }

  private static void line(StringBuilder svg, String format, Object... values) {
    svg.append(String.format(Locale.ROOT, format, values)).append('\n');
  }

  private static String escaped(String text) {
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
  }

  /**
   * @param colour 0 for ours, 1 for plain SQL and 2 for peers
   */
  record Bar(String label, int colour, Summary summary) {}
}
