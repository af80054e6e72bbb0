package io.mvq.report;

import io.mvq.picture.LinePlot;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Lines over a common axis as SVG, in the colours of the page around it. */
final class SvgPlot {
  private static final int WIDTH = 720;
  private static final int HEIGHT = 300;
  private static final int LEFT = 64;
  private static final int RIGHT = 14;
  private static final int TOP = 12;
  private static final int BOTTOM = 46;
  private static final int COLORS = 6;
  private static final int MOST_POINTS = 500; // a line; means where there are more

  private final LinePlot plot;
  private final List<LinePlot.Line> lines;
  private final Axis x;
  private final Axis y;
  private final Html out = new Html();

  private SvgPlot(LinePlot plot) {
    this.plot = plot;
    lines = plot.lines().stream().map(SvgPlot::thinned).toList();
    x = Axis.of(lines.stream().map(LinePlot.Line::x).toList(), plot.logX());
    y = Axis.of(lines.stream().map(LinePlot.Line::y).toList(), plot.logY());
  }

  /** The figure of a plot, with its legend. */
  static String of(LinePlot plot) {
    return new SvgPlot(plot).drawn();
  }

  private static LinePlot.Line thinned(LinePlot.Line line) {
    int n = line.x().length;
    int each = (n + MOST_POINTS - 1) / MOST_POINTS;
    if (each <= 1) {
      return line;
    }
    int m = (n + each - 1) / each;
    double[] xs = new double[m];
    double[] ys = new double[m];
    for (int i = 0; i < m; i++) {
      int end = Math.min(n, (i + 1) * each);
      for (int k = i * each; k < end; k++) {
        ys[i] += line.y()[k] / (end - i * each);
      }
      xs[i] = line.x()[end - 1];
    }
    return new LinePlot.Line(line.label(), xs, ys, line.marked());
  }

  private String drawn() {
    out.open("figure", "class", "plot");
    if (!plot.title().isEmpty()) {
      out.element("figcaption", plot.title());
    }
    out.open("svg", "viewBox", "0 0 " + WIDTH + " " + HEIGHT, "role", "img", "aria-label", words());
    for (double tick : y.ticks(5)) {
      String at = at(toY(tick));
      line("grid", at(LEFT), at, at(WIDTH - RIGHT), at);
      label(LEFT - 8, toY(tick) + 4, "end", Axis.text(tick));
    }
    for (double tick : x.ticks(6)) {
      label(toX(tick), HEIGHT - BOTTOM + 18, "middle", Axis.text(tick));
    }
    label((LEFT + WIDTH - RIGHT) / 2.0, HEIGHT - 6, "middle", plot.x());
    for (int i = 0; i < lines.size(); i++) {
      curve(lines.get(i), "line-" + i % COLORS);
    }
    out.close("svg");
    out.open("ul", "class", "legend");
    for (int i = 0; i < lines.size(); i++) {
      out.element("li", lines.get(i).label(), "class", "line-" + i % COLORS);
    }
    return out.close("ul").close("figure").toString();
  }

  private void curve(LinePlot.Line line, String color) {
    StringBuilder path = new StringBuilder();
    for (int i = 0; i < line.x().length; i++) {
      path.append(i == 0 ? 'M' : 'L').append(at(toX(line.x()[i])));
      path.append(' ').append(at(toY(line.y()[i])));
    }
    out.open("path", "class", color, "d", path.toString()).close("path");
    if (line.marked() || line.x().length == 1) {
      for (int i = 0; i < line.x().length; i++) {
        String cx = at(toX(line.x()[i]));
        String cy = at(toY(line.y()[i]));
        out.open("circle", "class", color, "cx", cx, "cy", cy, "r", "4").close("circle");
      }
    }
  }

  private void line(String kind, String x1, String y1, String x2, String y2) {
    out.open("line", "class", kind, "x1", x1, "y1", y1, "x2", x2, "y2", y2).close("line");
  }

  private void label(double x, double y, String anchor, String text) {
    out.element("text", text, "x", at(x), "y", at(y), "text-anchor", anchor);
  }

  /** What it shows, for those who do not see it. */
  private String words() {
    List<String> all = new ArrayList<>();
    for (LinePlot.Line line : lines) {
      int last = line.x().length - 1;
      all.add(
          String.format(
              Locale.ROOT,
              "%s from %s at %s to %s at %s",
              line.label(),
              Axis.text(line.y()[0]),
              Axis.text(line.x()[0]),
              Axis.text(line.y()[last]),
              Axis.text(line.x()[last])));
    }
    return plot.y() + " over " + plot.x() + ": " + String.join("; ", all);
  }

  private double toX(double value) {
    return LEFT + x.share(value) * (WIDTH - LEFT - RIGHT);
  }

  private double toY(double value) {
    return HEIGHT - BOTTOM - y.share(value) * (HEIGHT - TOP - BOTTOM);
  }

  private static String at(double place) {
    return String.format(Locale.ROOT, "%.1f", place);
  }
}
