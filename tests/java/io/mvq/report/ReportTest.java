package io.mvq.report;

import static org.assertj.core.api.Assertions.assertThat;

import io.mvq.picture.LinePlot;
import io.mvq.report.Table.Better;
import io.mvq.report.Table.Mark;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;

class ReportTest {
  private static final String NASTY = "<script>alert('x')</script> & \"q\" \u0001";

  private static LinePlot plot(boolean log, double... values) {
    double[] steps = new double[values.length];
    Arrays.setAll(steps, i -> i);
    LinePlot.Line line = new LinePlot.Line(NASTY, steps, values, false);
    return new LinePlot(NASTY, "step", "loss", false, log, List.of(line));
  }

  @Test
  void whateverIsGivenIsShownAsItIsAndDoesNothing() throws IOException {
    BufferedImage image = new BufferedImage(3, 2, BufferedImage.TYPE_INT_RGB);
    image.setRGB(2, 1, 0x123456);
    Table.Row row = Table.Row.of(NASTY, List.of(NASTY));
    String html =
        new Report(NASTY, NASTY)
            .facts(Map.of(NASTY, NASTY))
            .command(NASTY)
            .section(NASTY)
            .text(NASTY)
            .table(new Table(NASTY, NASTY, List.of(NASTY), List.of(row)))
            .sheet(NASTY, image)
            .plot(plot(false, 1, 2))
            .html();
    assertThat(html.split("<script>", -1)).hasSize(2); // the page's own
    assertThat(html)
        .doesNotContain("alert('x')")
        .contains("&lt;script&gt;alert(&#39;x&#39;)&lt;/script&gt; &amp; &quot;q&quot; \ufffd");
    Matcher source = Pattern.compile("src=\"data:image/png;base64,([^\"]+)\"").matcher(html);
    assertThat(source.find()).isTrue();
    byte[] png = Base64.getDecoder().decode(source.group(1));
    assertThat(ImageIO.read(new ByteArrayInputStream(png)).getRGB(2, 1)).isEqualTo(0xff123456);
  }

  @Test
  void itAsksNoNetwork() throws IOException {
    String html = new Report("t", "l").plot(plot(true, 1, 10)).html();
    assertThat(html).doesNotContain("http:", "https:", "//", "@import", "url(");
  }

  @Test
  void theBetterOfNumbersIsMarkedAndNeitherOfEqualOnes() {
    assertThat(marks(Better.LOWER, 3.0, 1.0, 2.0))
        .containsExactly(Mark.NONE, Mark.BETTER, Mark.NONE);
    assertThat(marks(Better.HIGHER, 3.0, 1.0, null))
        .containsExactly(Mark.BETTER, Mark.NONE, Mark.NONE);
    assertThat(marks(Better.LOWER, 2.0, 2.0)).containsOnly(Mark.NONE);
    assertThat(marks(Better.HIGHER, 2.0, null)).containsOnly(Mark.NONE);
    assertThat(marks(Better.NEITHER, 2.0, 1.0)).containsOnly(Mark.NONE);
    assertThat(Table.number(1234567.0)).isEqualTo("1,234,567");
    assertThat(Table.number(0.126)).isEqualTo("0.13");
    assertThat(Table.number(null)).isEqualTo("-");
  }

  private static List<Mark> marks(Better better, Double... numbers) {
    return Table.marked(better, Arrays.asList(numbers)).stream().map(Table.Cell::mark).toList();
  }

  @Test
  void ticksAreRoundNumbersWithin() {
    assertThat(Axis.of(List.of(new double[] {0, 1}), false).ticks(5))
        .containsExactly(0.0, 0.2, 0.4, 0.6000000000000001, 0.8, 1.0);
    assertThat(Axis.of(List.of(new double[] {3, 220}), true).ticks(5)).containsExactly(10.0, 100.0);
    assertThat(Axis.of(List.of(new double[] {3, 60}), true).ticks(5))
        .containsExactly(5.0, 10.0, 20.0, 50.0);
    assertThat(Axis.text(0.6000000000000001)).isEqualTo("0.6");
    assertThat(Axis.text(12000)).isEqualTo("12000");
    assertThat(Axis.text(0.00002)).isEqualTo("2.0e-05");
    assertThat(Axis.text(100)).isEqualTo("100");
  }

  @Test
  void curvesOfOneValueOrManyAreDrawn() {
    assertThat(SvgPlot.of(plot(true, 0))).contains("<circle").doesNotContain("NaN");
    assertThat(SvgPlot.of(plot(true, 5, 5))).doesNotContain("NaN").doesNotContain("Infinity");
    double[] many = new double[10_000];
    Arrays.setAll(many, i -> 1 + i % 7);
    String svg = SvgPlot.of(plot(true, many));
    assertThat(svg.split("L", -1).length).isBetween(250, 502);
    assertThat(svg).contains("from 3.85 at 19 to 3.95 at 9999");
  }
}
