package io.mvq.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.mvq.picture.LinePlot;
import io.mvq.serve.Axe;
import io.mvq.serve.Browser;
import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.openqa.selenium.Keys;

/** A report in a real browser, from its file; skipped where there is none. */
class ReportPageTest {
  @TempDir static Path folder;
  private static Browser browser;
  private static Path page;

  @BeforeAll
  static void open() throws IOException {
    assumeTrue(Browser.missing() == null, Browser.missing());
    page = folder.resolve("report.html");
    report().write(page);
    browser = new Browser();
  }

  @AfterAll
  static void close() {
    if (browser != null) {
      browser.close();
    }
  }

  private static Report report() throws IOException {
    BufferedImage image = new BufferedImage(200, 24, BufferedImage.TYPE_INT_RGB);
    Graphics2D canvas = image.createGraphics();
    canvas.setColor(new Color(0x2a6f64));
    canvas.fillOval(2, 2, 20, 20);
    canvas.dispose();
    Table.Row claim =
        new Table.Row(
            "it holds",
            List.of(
                new Table.Cell("reproduced", Table.Mark.HOLDS),
                new Table.Cell("not reproduced", Table.Mark.FAILS)),
            "mvq reproduce --scale smoke");
    Table.Row numbers = Table.Row.of("distance", Table.Better.LOWER, List.of(2.0, 1.0));
    List<LinePlot.Line> lines =
        List.of(
            new LinePlot.Line("vq", new double[] {1, 2, 3}, new double[] {9, 5, 4}, false),
            new LinePlot.Line("mvq", new double[] {1, 2, 3}, new double[] {9, 4, 2}, true));
    return new Report("Both side by side", "What became of them.")
        .facts(Map.of("machine", "some, 2 processors"))
        .command("mvq quickstart")
        .section("Numbers")
        .table(new Table("On features", "system", List.of("vq", "mvq"), List.of(claim, numbers)))
        .section("Pictures")
        .sheet("samples", image)
        .plot(new LinePlot("Loss", "step", "loss", false, true, lines));
  }

  private static void show(int width, String scheme) {
    browser.window(width, 900, scheme);
    browser.open(page.toUri().toString());
  }

  @Test
  void aSheetEnlargesByTheKeyboardToo() {
    show(1000, "light");
    browser.one(".sheet button").sendKeys(Keys.ENTER);
    browser.until("the large one", () -> browser.one("dialog img").isDisplayed());
    assertThat(browser.one("dialog p").getText()).isEqualTo("samples");
    Object wider =
        browser.run(
            "return document.querySelector('dialog img').width"
                + " > document.querySelector('.sheet img').width - 100");
    assertThat(wider).isEqualTo(true);
    browser.one("dialog button").sendKeys(Keys.ESCAPE);
    browser.until("the page", () -> !browser.one("dialog img").isDisplayed());
  }

  @Test
  void nothingIsAskedForAndNobodyIsShutOut() throws Exception {
    Axe axe = Axe.fetched(folder.resolve("axe"));
    for (String scheme : new String[] {"light", "dark"}) {
      show(1000, scheme);
      browser.run("document.querySelector('details').open = true");
      assertThat(axe.faults(browser)).as(scheme).isEmpty();
    }
    assertThat(
            (Long)
                browser.run(
                    "return performance.getEntriesByType('resource').filter("
                        + "e => !e.name.startsWith('data:')).length"))
        .isZero();
    show(360, "light");
    assertThat((Long) browser.run("return document.documentElement.scrollWidth"))
        .isLessThanOrEqualTo(360);
    assertThat(browser.complaints()).isEmpty();
  }

  /** {@code -Dmvq.report.file=FILE -Dmvq.report.picture=docs/report.png} makes the README's. */
  @Test
  void aReportIsPictured() throws IOException {
    Path file = Path.of(System.getProperty("mvq.report.file", page.toString()));
    Path png = Path.of(System.getProperty("mvq.report.picture", "target/report.png"));
    browser.window(1000, 1500, "light");
    browser.open(file.toUri().toString());
    browser.until("its title", () -> browser.one("h1").isDisplayed());
    browser.screenshot(png);
    assertThat(ImageIO.read(png.toFile()).getWidth()).isEqualTo(1000);
  }
}
