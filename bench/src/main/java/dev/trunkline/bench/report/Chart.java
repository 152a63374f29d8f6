package dev.trunkline.bench.report;

import java.util.List;
import java.util.Locale;

/**
 * A chart of horizontal bars as SVG: medians, with a line from the least to the most of the rounds.
 * Its colours follow the reader's light or dark mode.
 *
 * @param unit of all bars
 * @param groups at least one, none of them empty
 */
record Chart(String title, String unit, boolean logarithmic, List<Group> groups) {

  private static final int WIDTH = 860;
  private static final int LEFT = 200;
  private static final int RIGHT = 90;
  private static final int TOP = 56;
  private static final int ROW = 26;
  private static final int THICKNESS = 16;

  private static final String STYLE =
      """
      <style>
        text { font: 13px system-ui, sans-serif; fill: #24292f }
        .group { font-weight: 600 }
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
    int bottom = TOP + ROW * rows();
    int height = bottom + 34;
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
    Axis axis =
        Axis.of(groups.stream().flatMap(group -> group.bars().stream()).toList(), logarithmic);
    ticks(svg, axis, bottom);
    bars(svg, axis);
    return svg.append("</svg>\n").toString();
  }

  private int rows() {
    int bars = groups.stream().mapToInt(group -> group.bars().size()).sum();
    return groups.size() == 1 ? bars : bars + groups.size();
  }

  private void bars(StringBuilder svg, Axis axis) {
    int top = TOP;
    for (Group group : groups) {
      if (groups.size() > 1) {
        line(
            svg,
            "<text class=\"group\" x=\"16\" y=\"%d\">%s</text>",
            top + ROW - 8,
            escaped(group.name()));
        top += ROW;
      }
      for (Bar bar : group.bars()) {
        bar(svg, axis, bar, top);
        top += ROW;
      }
    }
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

  /** What is measured of everybody; named where there are several. */
  record Group(String name, List<Bar> bars) {}

  /**
   * @param colour 0 for ours, 1 for plain SQL and 2 for peers
   */
  record Bar(String label, int colour, Summary summary) {}
}
