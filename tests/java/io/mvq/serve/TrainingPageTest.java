package io.mvq.serve;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Path;
import java.util.List;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.openqa.selenium.Keys;
import org.openqa.selenium.WebElement;

/** A training watched in a real browser; skipped where there is none. */
class TrainingPageTest {
  @TempDir static Path folder;
  private static WrittenRun one;
  private static WrittenRun other;
  private static int step = 400;
  private static Server server;
  private static Browser browser;

  @BeforeAll
  static void open() throws IOException {
    assumeTrue(Browser.missing() == null, Browser.missing());
    one = new WrittenRun(folder.resolve("one"), 1);
    other = new WrittenRun(folder.resolve("other"), 2);
    one.steps(10, step);
    other.steps(10, 300);
    server = serve(folder);
    browser = new Browser();
  }

  private static Server serve(Path runs) throws IOException {
    return new Server(
        Model.none("it comes with the first checkpoint"),
        new Trainings(List.of(runs)),
        "runs",
        InetAddress.getLoopbackAddress(),
        0,
        1);
  }

  @AfterAll
  static void close() throws IOException {
    if (browser != null) {
      browser.close();
      server.close();
      one.close();
      other.close();
    }
  }

  @BeforeEach
  void training() {
    browser.window(1240, 900, "light");
    browser.open(server.url());
    browser.until("curves", () -> browser.all("#charts path").size() >= 4);
  }

  private static List<String> titles() {
    return browser.all("#charts figcaption b").stream().map(WebElement::getText).toList();
  }

  private static String said(int run) {
    return browser.all("#runs li").get(run).getText();
  }

  @Test
  void aRunThatHasNoModelYetOpensAtItsTraining() {
    assertThat(browser.one("nav [aria-current=page]").getText()).isEqualTo("Training");
    assertThat(titles())
        .containsExactly(
            "Loss",
            "Loss: commitment",
            "Loss: reconstruction",
            "Learning rate",
            "Norm of the gradients",
            "PSNR of held-out images",
            "Codebook 1: perplexity");
    assertThat(said(0)).contains("one").contains("autoencoder, step " + step + " of 2000");
    // Two runs, and of each what is held out, dashed.
    assertThat(browser.all("#charts figure:first-child path")).hasSize(4);
    assertThat(browser.all("#charts figure:first-child path.dashed")).hasSize(2);
    for (String page : new String[] {"explore", "sample", "codebook"}) {
      browser.one("a[href='#" + page + "']").click();
      browser.until("why there is none", () -> browser.one("#no-model").isDisplayed());
      assertThat(browser.one("#no-model").getText())
          .isEqualTo("No model here: it comes with the first checkpoint.");
    }
    assertThat(browser.complaints()).isEmpty();
  }

  @Test
  void thePageOfARunningTrainingMoves() {
    String path = "#charts figure:first-child path";
    String before = browser.one(path).getDomAttribute("d");
    int next = step + 100;
    one.steps(step + 10, next);
    step = next;
    browser.until("the next step", () -> said(0).contains("step " + next + " of 2000"));
    browser.until("another curve", () -> !browser.one(path).getDomAttribute("d").equals(before));
    browser.until(
        "its picture",
        () -> browser.one("#pictures figcaption").getText().endsWith("step " + next));
    assertThat(browser.complaints()).isEmpty();
  }

  @Test
  void theSliderGoesThroughTheEvaluations() {
    WebElement slider = browser.one("#picture-step");
    assertThat(slider.getDomProperty("max")).isEqualTo(String.valueOf(step / 100 - 1));
    slider.sendKeys(Keys.HOME);
    browser.until(
        "the first pictures",
        () ->
            browser.all("#pictures figcaption").stream()
                .allMatch(caption -> caption.getText().endsWith("step 100")));
    browser.until(
        "a picture that was drawn",
        () ->
            Long.valueOf(40)
                .equals(
                    browser.run("return document.querySelector('#pictures img').naturalWidth")));
    assertThat(browser.one("#picture-step-out").getText()).isEqualTo("step 100");
    assertThat(browser.one("#pictures img").getDomAttribute("alt"))
        .startsWith("one, reconstructions at step 100");
  }

  @Test
  void runsAreTakenAwayAndPutBack() {
    browser.run("document.querySelectorAll('#runs input')[1].click()");
    browser.until("one run", () -> browser.all("#charts figure:first-child path").size() == 2);
    browser.run("document.querySelectorAll('#runs input')[1].click()");
    browser.until("both runs", () -> browser.all("#charts figure:first-child path").size() == 4);
  }

  @Test
  void curvesAreReadByTheKeyboardAndAsATable() {
    WebElement plot = browser.one("#charts figure:first-child svg");
    plot.sendKeys(Keys.HOME);
    assertThat(plot.getDomAttribute("aria-valuetext"))
        .isEqualTo("step 10: one 0.3162, other 0.6325");
    plot.sendKeys(Keys.ARROW_RIGHT);
    assertThat(plot.getDomAttribute("aria-valuetext")).startsWith("step 20: one 0.2236");
    plot.sendKeys(Keys.END);
    assertThat(plot.getDomAttribute("aria-valuetext")).contains("one, held out ");
    browser.one("#charts figure:first-child summary").click();
    browser.until(
        "the table", () -> browser.all("#charts figure:first-child tbody tr").size() > 15);
    assertThat(browser.one("#charts figure:first-child thead").getText())
        .isEqualTo("step one one, held out other other, held out");
    assertThat(browser.all("#charts figure:first-child tbody tr").size()).isLessThanOrEqualTo(41);
  }

  @Test
  void nobodyIsShutOutAndNarrowScreensDo() throws Exception {
    Axe axe = Axe.fetched(folder.resolve("axe"));
    for (String scheme : new String[] {"light", "dark"}) {
      browser.window(1240, 900, scheme);
      browser.run("document.querySelector('details').open = true");
      assertThat(axe.faults(browser)).as(scheme).isEmpty();
    }
    browser.window(360, 800, "light");
    assertThat((Long) browser.run("return document.documentElement.scrollWidth"))
        .isLessThanOrEqualTo(360);
  }

  /**
   * {@code -Dmvq.training.runs=FOLDER -Dmvq.training.picture=docs/training.png} makes that of
   * docs/serve.md.
   */
  @Test
  void aTrainingIsPictured() throws IOException {
    Path runs = Path.of(System.getProperty("mvq.training.runs", folder.toString()));
    Path png = Path.of(System.getProperty("mvq.training.picture", "target/training.png"));
    browser.window(1240, 1800, "light");
    try (Server shown = serve(runs)) {
      browser.open(shown.url());
      browser.until("curves", () -> browser.all("#charts path").size() >= 4);
      browser.run(
          "const s = document.querySelector('#training-stage'); s.value = 'autoencoder';"
              + "s.dispatchEvent(new Event('change'))");
      browser.until("codebooks", () -> titles().contains("Codebook 1: perplexity"));
      browser.until("pictures", () -> !browser.all("#pictures img").isEmpty());
      browser.until(
          "all of them",
          () ->
              Boolean.TRUE.equals(
                  browser.run(
                      "return [...document.querySelectorAll('#pictures img')].every(i => i.complete)")));
      browser.screenshot(png);
    }
    assertThat(ImageIO.read(png.toFile()).getWidth()).isEqualTo(1240);
  }

  @Test
  void aServerThatIsGoneIsSaidOnce() throws IOException {
    try (Server other = serve(folder)) {
      browser.open(other.url());
      browser.until("curves", () -> browser.all("#charts path").size() >= 4);
    }
    browser.until("word of it", () -> browser.one("#alert").isDisplayed());
    assertThat(browser.one("#alert").getText()).contains("does not answer");
    assertThat(browser.all("#charts path")).isNotEmpty();
    browser.complaints();
  }
}
