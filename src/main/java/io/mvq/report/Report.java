package io.mvq.report;

import io.mvq.files.OutputFile;
import io.mvq.picture.LinePlot;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Base64;
import java.util.Locale;
import java.util.Map;
import javax.imageio.ImageIO;
import javax.imageio.stream.MemoryCacheImageOutputStream;

/** A page that is written from top to bottom into one file, which asks no network for anything. */
public final class Report {
  private final Html body = new Html();
  private final String title;
  private boolean open; // a section

  /** Begins one. @param lead what it is about, in a sentence */
  public Report(String title, String lead) {
    this.title = title;
    body.element("h1", title);
    body.element("p", lead, "class", "lead");
  }

  /** Begins a section. */
  public Report section(String heading) {
    end();
    body.open("section").element("h2", heading);
    open = true;
    return this;
  }

  private void end() {
    if (open) {
      body.close("section");
      open = false;
    }
  }

  public Report text(String paragraph) {
    body.element("p", paragraph);
    return this;
  }

  /** Names and what they are. */
  public Report facts(Map<String, String> facts) {
    body.open("dl");
    facts.forEach((name, value) -> body.element("dt", name).element("dd", value));
    body.close("dl");
    return this;
  }

  /** A line to be typed. */
  public Report command(String line) {
    body.open("pre").element("code", line).close("pre");
    return this;
  }

  public Report table(Table table) {
    body.open("div", "class", "wide", "tabindex", "0", "role", "region", "aria-label", name(table));
    body.open("table");
    if (!table.caption().isEmpty()) {
      body.element("caption", table.caption());
    }
    body.open("thead").open("tr").element("th", table.names(), "scope", "col");
    table.columns().forEach(column -> body.element("th", column, "scope", "col"));
    body.close("tr").close("thead").open("tbody");
    for (Table.Row row : table.rows()) {
      body.open("tr").open("th", "scope", "row").text(row.name());
      if (row.command() != null) {
        body.open("details").element("summary", "command").element("code", row.command());
        body.close("details");
      }
      body.close("th");
      row.cells().forEach(this::cell);
      body.close("tr");
    }
    body.close("tbody").close("table").close("div");
    return this;
  }

  private static String name(Table table) {
    return table.caption().isEmpty() ? "Table" : table.caption();
  }

  private void cell(Table.Cell cell) {
    String kind = cell.mark().name().toLowerCase(Locale.ROOT);
    body.open("td", "class", kind).text(cell.text());
    if (cell.mark() == Table.Mark.BETTER) {
      body.element("span", " (better)", "class", "unseen");
    }
    body.close("td");
  }

  /** A picture that enlarges when it is pressed. @param image of pixels that are to be seen */
  public Report sheet(String caption, BufferedImage image) throws IOException {
    String source = "data:image/png;base64," + Base64.getEncoder().encodeToString(png(image));
    body.open("figure", "class", "sheet");
    body.open("button", "type", "button", "aria-label", "Enlarge: " + caption);
    body.open("img", "src", source, "alt", caption, "width", "" + image.getWidth());
    body.close("button").element("figcaption", caption).close("figure");
    return this;
  }

  private static byte[] png(BufferedImage image) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (MemoryCacheImageOutputStream out = new MemoryCacheImageOutputStream(bytes)) {
      ImageIO.write(image, "png", out);
    }
    return bytes.toByteArray();
  }

  /** Curves; nothing for a plot without lines. */
  public Report plot(LinePlot plot) {
    if (!plot.lines().isEmpty()) {
      body.raw(SvgPlot.of(plot));
    }
    return this;
  }

  /** All of it. */
  public String html() {
    end();
    return "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
        + "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
        + "<meta name=\"color-scheme\" content=\"light dark\">\n"
        + new Html().element("title", title)
        + "<style>\n"
        + resource("report.css")
        + "</style>\n</head>\n<body>\n<main>\n"
        + body
        + "</main>\n<dialog aria-label=\"Enlarged\"><form method=\"dialog\"><button>Close</button></form>"
        + "<img alt=\"\"><p></p></dialog>\n<script>\n"
        + resource("report.js")
        + "</script>\n</body>\n</html>\n";
  }

  private static String resource(String name) {
    try (InputStream in = Report.class.getResourceAsStream(name)) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException("the resource io/mvq/report/" + name + " is unreadable", e);
    }
  }

  /** Writes it, whole or not at all. */
  public void write(Path file) throws IOException {
    OutputFile.write(file, html());
  }
}
