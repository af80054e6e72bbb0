package io.mvq.serve;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.mvq.Code;
import io.mvq.Tokenizer;
import io.mvq.prior.Sampling;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.openqa.selenium.Keys;
import org.openqa.selenium.WebElement;

/** The pages as a person uses them, in a real browser; skipped where there is none. */
class PagesTest {
  @TempDir static Path folder;
  private static Tokenizer emoji;
  private static Server server;
  private static Browser browser;
  private static Code opened;

  @BeforeAll
  static void open() throws IOException {
    assumeTrue(Browser.missing() == null, Browser.missing());
    emoji = Tokenizer.pretrained("emoji-2");
    server = new Server(emoji, "emoji-2", InetAddress.getLoopbackAddress(), 0, 2);
    browser = new Browser();
  }

  /** Skips where other programs keep the processors, so that a page is waited for in vain. */
  private static void requireProcessors(double most) {
    double load = ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage();
    int processors = Runtime.getRuntime().availableProcessors();
    assumeTrue(
        load < most * processors, "load " + load + " on " + processors + " processors is too much");
  }

  @AfterAll
  static void close() {
    if (browser != null) {
      browser.close();
      server.close();
      emoji.close();
    }
  }

  /** One page for all, as a person leaves it. */
  @BeforeEach
  void explore() {
    browser.window(1240, 700, "light");
    if (opened == null) {
      browser.open(server.url());
      browser.until("the page's own example", () -> browser.one("#rebuilt").isDisplayed());
      opened = shown();
    }
    browser.run("location.hash = '#explore'; scrollTo(0, 0)");
    browser.until("Explore", () -> browser.one("#explore").isDisplayed());
  }

  private static void see(String css, int pictures) {
    browser.run("document.querySelector(arguments[0]).scrollIntoView({block: 'center'})", css);
    browser.until(css, () -> browser.all(css + " img").size() == pictures);
  }

  private static String rebuilt() {
    return browser.one("#rebuilt").getDomProperty("src");
  }

  /** The code whose picture is shown: it is in the picture's file. */
  private static Code shown() {
    String url = rebuilt();
    return PngText.read(java.util.Base64.getDecoder().decode(url.substring(url.indexOf(',') + 1)));
  }

  private static Code after(Runnable act) {
    String before = rebuilt();
    act.run();
    browser.until("another picture", () -> !rebuilt().equals(before));
    return shown();
  }

  private static Path picture(String name, int seed) throws IOException {
    Path file = folder.resolve(name);
    return Files.write(file, PngText.write(emoji.sample(1, "face-smiling", seed).get(0), null));
  }

  /** Drops a file on an element, as a hand does. */
  private static void drop(String css, String name, byte[] content) {
    browser.run(
        "const bytes = Uint8Array.from(atob(arguments[2]), c => c.charCodeAt(0));"
            + "const data = new DataTransfer();"
            + "data.items.add(new File([bytes], arguments[1], {type: 'image/png'}));"
            + "for (const type of ['dragenter', 'dragover', 'drop']) {"
            + "  document.querySelector(arguments[0]).dispatchEvent("
            + "    new DragEvent(type, {dataTransfer: data, bubbles: true, cancelable: true}));}",
        css,
        name,
        java.util.Base64.getEncoder().encodeToString(content));
  }

  @Test
  void aPictureDroppedBecomesItsTokensAndItsMask() throws IOException {
    byte[] file = Files.readAllBytes(picture("fruit.png", 3));
    Code expected = emoji.encode(file);
    opened = after(() -> drop("#drop", "fruit.png", file));
    assertThat(opened).isEqualTo(expected);
    assertThat(browser.one("#undo").isEnabled()).isFalse();
    browser.until(
        "its tokens",
        () ->
            browser.all(".token b").stream()
                .map(WebElement::getText)
                .toList()
                .equals(Arrays.stream(expected.tokens()).mapToObj(String::valueOf).toList()));
    List<WebElement> bits = browser.all(".bit");
    assertThat(bits).hasSize(64);
    for (int bit = 0; bit < 64; bit++) {
      assertThat(bits.get(bit).getDomAttribute("aria-pressed"))
          .isEqualTo(String.valueOf(expected.mask(0).get(bit)));
    }
    assertThat(browser.one("#original").isDisplayed()).isTrue();
    assertThat(browser.one("#original").getDomAttribute("alt")).contains("fruit.png");
    assertThat(browser.complaints()).isEmpty();
  }

  @Test
  void aPictureIsChosenToo() throws IOException {
    Path file = picture("chosen.png", 4);
    Code expected = emoji.encode(file);
    opened = after(() -> browser.one("#file").sendKeys(file.toAbsolutePath().toString()));
    assertThat(opened).isEqualTo(expected);
  }

  @Test
  void everyClickOnABitDecodesAtOnceAndCanBeUndone() {
    Code first = shown();
    for (int bit : new int[] {0, 9, 33, 63}) {
      Code before = shown();
      Code now = after(() -> browser.all(".bit").get(bit).click());
      assertThat(now.tokens()).isEqualTo(before.tokens());
      assertThat(now.maskWords()[0]).isEqualTo(before.maskWords()[0] ^ 1L << bit);
    }
    for (int i = 0; i < 4; i++) {
      after(() -> browser.one("#undo").click());
    }
    assertThat(shown()).isEqualTo(first);
    after(() -> browser.one("#redo").click());
    assertThat(shown().maskWords()[0]).isEqualTo(first.maskWords()[0] ^ 1);
    assertThat(browser.complaints()).isEmpty();
  }

  @Test
  void bitsAreReachedAndPressedByTheKeyboard() {
    Code first = shown();
    browser.run("document.querySelector('.bit').focus()");
    browser.one(".bit").sendKeys(Keys.ARROW_RIGHT, Keys.ARROW_DOWN); // to bit 9
    WebElement focused = browser.all(".bit").get(9);
    assertThat(browser.run("return document.activeElement")).isEqualTo(focused);
    Code now = after(() -> focused.sendKeys(Keys.SPACE));
    assertThat(now.maskWords()[0]).isEqualTo(first.maskWords()[0] ^ 1L << 9);
    assertThat(browser.all(".bit[tabindex='0']")).hasSize(1);
  }

  @Test
  void maskButtonsAndTilesChangeTheCode() {
    assertThat(after(() -> browser.one("#mask-all").click()).maskWords()[0]).isEqualTo(-1L);
    assertThat(after(() -> browser.one("#mask-none").click()).maskWords()[0]).isZero();
    Code first = after(() -> browser.one("#mask-first").click());
    assertThat(first.maskWords()).isEqualTo(opened.maskWords());
    see("#others", 16);
    Code drawn = after(() -> browser.click("#others button", 3));
    assertThat(drawn).isEqualTo(emoji.redrawn(first, 4));
    see("#palette", 64);
    int other = (first.tokens()[0] + 1) % 64;
    Code swapped = after(() -> browser.click("#palette button", other));
    assertThat(swapped.tokens()).containsExactly(other, first.tokens()[1]);
    assertThat(swapped.maskWords()).isEqualTo(drawn.maskWords());
  }

  @Test
  void theSlidersBlend() {
    see("#path", 9);
    String before = browser.one("#blended").getDomProperty("src");
    browser.run(
        "const s = document.querySelector('#blend-codes'); s.value = 90;"
            + "s.dispatchEvent(new Event('input'))");
    browser.until(
        "another blend", () -> !before.equals(browser.one("#blended").getDomProperty("src")));
    assertThat(browser.one("#blend-masks").getDomProperty("value")).isEqualTo("90");
    browser.until(
        "its place on the path",
        () ->
            browser
                .all("#path img")
                .get(4)
                .getDomProperty("src")
                .equals(browser.one("#blended").getDomProperty("src")));
  }

  @Test
  void aSavedPngBringsItsCodeBack() throws IOException {
    Code made = after(() -> browser.one("#mask-invert").click());
    String href = browser.one("#save").getDomProperty("href");
    byte[] saved = java.util.Base64.getDecoder().decode(href.substring(href.indexOf(',') + 1));
    after(() -> browser.one("#mask-all").click());
    opened = after(() -> drop("body", "again.png", saved));
    assertThat(opened).isEqualTo(made);
    assertThat(browser.one("#note").getText())
        .isEqualTo("The code in the file was taken as it is.");
  }

  @Test
  void aBadFileGivesAMessageThatCanBeReadAndThePageGoesOn() throws IOException {
    String before = rebuilt();
    drop("#drop", "letter.txt", "no picture".getBytes(java.nio.charset.StandardCharsets.UTF_8));
    browser.until("a message", () -> browser.one("#alert").isDisplayed());
    assertThat(browser.one("#alert").getText())
        .isEqualTo("the picture: not a PNG, JPEG, WebP, GIF, BMP or TIFF image");
    assertThat(rebuilt()).isEqualTo(before);
    browser.complaints(); // the browser notes the 400
    byte[] good = Files.readAllBytes(picture("good.png", 5));
    opened = after(() -> drop("#drop", "good.png", good));
    assertThat(browser.one("#alert").isDisplayed()).isFalse();
  }

  @Test
  void aSampleIsDrawnAndExplored() {
    browser.one("a[href='#sample']").click();
    browser.until("48 samples", () -> browser.all("#samples button").size() == 48);
    browser.run(
        "document.querySelector('[name=n]').value = 5; document.querySelector('[name=seed]').value = 7");
    browser.one("#sample-form .primary").click();
    browser.until("5 samples", () -> browser.all("#samples button").size() == 5);
    String picture = browser.all("#samples img").get(2).getDomProperty("src");
    assertThat(browser.all("#samples a").get(2).getDomProperty("href")).isEqualTo(picture);
    browser.all("#samples button").get(2).click();
    browser.until(
        "Explore", () -> browser.one("#explore").isDisplayed() && rebuilt().equals(picture));
    assertThat(browser.one("nav [aria-current=page]").getText()).isEqualTo("Explore");
    opened = shown();
    assertThat(opened).isEqualTo(emoji.sampleCodes(5, null, Sampling.PLAIN, 7).get(2));
  }

  @Test
  void aClassIsFollowedByGuidance() {
    browser.one("a[href='#sample']").click();
    browser.until("samples", () -> !browser.all("#samples button").isEmpty());
    assertThat(browser.one("[name=guidance]").isEnabled()).isFalse();
    assertThat(browser.all("[name=class] option")).hasSize(100);
    browser.run(
        "const form = document.querySelector('#sample-form').elements; form.class.value = 'food-fruit';"
            + "form.class.dispatchEvent(new Event('change')); form.guidance.value = 3;"
            + "form.n.value = 6; form.seed.value = 5");
    browser.one("#sample-form .primary").click();
    browser.until("6 samples", () -> browser.all("#samples button").size() == 6);
    browser.all("#samples button").get(1).click();
    browser.until(
        "Explore",
        () ->
            browser.one("#explore").isDisplayed()
                && browser.one("#note").getText().contains("of food-fruit, seed 5, picture 2"));
    opened = shown();
    Sampling sampling = new Sampling(1, 0, 1, 3);
    assertThat(opened).isEqualTo(emoji.sampleCodes(6, "food-fruit", sampling, 5).get(1));
    browser.run(
        "const form = document.querySelector('#sample-form').elements; form.class.value = '';"
            + "form.class.dispatchEvent(new Event('change'))");
  }

  @Test
  void theCodebookShowsItsCodesAndTheirUse() {
    browser.one("a[href='#codebook']").click();
    browser.until("64 codes", () -> browser.all("#codes img").size() == 64);
    assertThat(browser.all("#bars rect")).hasSize(64);
    assertThat(browser.all("#pairs li")).hasSize(12);
    assertThat(browser.one("#codebook-facts").getText()).contains("perplexity 56.2 of 64");
    browser.run(
        "const s = document.querySelector('#codebook-order'); s.value = 'use';"
            + "s.dispatchEvent(new Event('change'))");
    List<Double> shares =
        browser.all("#codes small").stream()
            .map(text -> Double.valueOf(text.getText().replaceAll(".*· ([0-9.]+) %", "$1")))
            .toList();
    assertThat(shares).isSortedAccordingTo((a, b) -> Double.compare(b, a));
  }

  /** A decode, from the click's request to its answer, as the browser measures it. */
  @Test
  void aDecodeTakesUnderFiftyMilliseconds() {
    requireProcessors(1.5);
    browser.run("performance.clearResourceTimings()");
    for (int i = 0; i < 25; i++) {
      int bit = i;
      after(() -> browser.all(".bit").get(bit).click());
    }
    @SuppressWarnings("unchecked")
    List<Number> times =
        (List<Number>)
            browser.run(
                "return performance.getEntriesByType('resource')"
                    + ".filter(e => e.name.endsWith('/api/decode') && e.encodedBodySize < 10000)"
                    + ".map(e => e.duration)");
    double[] sorted = times.stream().mapToDouble(Number::doubleValue).sorted().toArray();
    System.out.printf(
        "decode in the browser: median %.1f ms, least %.1f ms%n",
        sorted[sorted.length / 2], sorted[0]);
    assertThat(sorted[sorted.length / 2]).isLessThan(50);
  }

  @Test
  void nobodyIsShutOut() throws Exception {
    Axe axe = Axe.fetched(folder);
    for (String scheme : new String[] {"light", "dark"}) {
      for (String page : new String[] {"#explore", "#sample", "#codebook"}) {
        browser.window(1240, 700, scheme);
        browser.run("location.hash = arguments[0]", page);
        browser.until("pictures", () -> !browser.all("section" + page + " .sheet img").isEmpty());
        assertThat(axe.faults(browser)).as("%s, %s", page, scheme).isEmpty();
      }
    }
  }

  @Test
  void narrowScreensNeedNoSidewaysScrolling() {
    for (String page : new String[] {"#explore", "#sample", "#codebook"}) {
      browser.window(360, 800, "light");
      browser.run("location.hash = arguments[0]", page);
      browser.run("scrollTo(0, document.body.scrollHeight)");
      browser.until("pictures", () -> !browser.all("section" + page + " .sheet img").isEmpty());
      assertThat((Long) browser.run("return document.documentElement.scrollWidth"))
          .as(page)
          .isLessThanOrEqualTo(360);
    }
  }

  /** {@code -Dmvq.serve.picture=docs/serve.png} makes the README's. */
  @Test
  void thePageIsPictured() throws IOException {
    Path png = Path.of(System.getProperty("mvq.serve.picture", "target/serve.png"));
    byte[] file = Files.readAllBytes(picture("picture.png", 8));
    opened = after(() -> drop("#drop", "picture.png", file));
    browser.window(1240, 1560, "light");
    browser.until("the palette", () -> browser.all("#palette img").size() == 64);
    browser.until("the blend", () -> browser.all("#path img").size() == 9);
    browser.until(
        "the palette of this picture",
        () ->
            browser.all("#palette button").get(opened.tokens()[0]).getDomAttribute("aria-current")
                != null);
    browser.until("all of it", () -> browser.all(".busy").isEmpty());
    browser.screenshot(png);
    assertThat(javax.imageio.ImageIO.read(png.toFile()).getWidth()).isEqualTo(1240);
  }
}
