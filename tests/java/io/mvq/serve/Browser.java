package io.mvq.serve;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import org.openqa.selenium.By;
import org.openqa.selenium.OutputType;
import org.openqa.selenium.StaleElementReferenceException;
import org.openqa.selenium.WebElement;
import org.openqa.selenium.chrome.ChromeDriver;
import org.openqa.selenium.chrome.ChromeDriverService;
import org.openqa.selenium.chrome.ChromeOptions;

/** Debian's chromium without a window. */
public final class Browser implements AutoCloseable {
  private static final Path CHROMIUM = Path.of("/usr/bin/chromium");
  private static final Path DRIVER = Path.of("/usr/bin/chromedriver");
  private static final Duration PATIENCE = Duration.ofMinutes(4);

  private final ChromeDriver driver;

  public Browser() {
    ChromeOptions options = new ChromeOptions();
    options.setBinary(CHROMIUM.toFile());
    options.addArguments(
        "--headless=new",
        "--no-sandbox",
        "--disable-gpu",
        "--disable-dev-shm-usage",
        "--hide-scrollbars");
    ChromeDriverService service =
        new ChromeDriverService.Builder().usingDriverExecutable(DRIVER.toFile()).build();
    driver = new ChromeDriver(service, options);
  }

  /** Why there is none; null if there is. */
  public static String missing() {
    return Files.isExecutable(CHROMIUM) && Files.isExecutable(DRIVER)
        ? null
        : "no browser: Debian's chromium and chromium-driver are not installed";
  }

  public void open(String url) {
    driver.get("about:blank"); // so that another fragment is another page
    complaints(); // those of the page before, whose server may be gone, are not this one's
    driver.get(url);
  }

  /** A window's size and what its user prefers. */
  public void window(int width, int height, String scheme) {
    driver.executeCdpCommand(
        "Emulation.setDeviceMetricsOverride",
        Map.of("width", width, "height", height, "deviceScaleFactor", 1, "mobile", false));
    driver.executeCdpCommand(
        "Emulation.setEmulatedMedia",
        Map.of(
            "features",
            List.of(
                Map.of("name", "prefers-color-scheme", "value", scheme),
                Map.of("name", "hover", "value", "hover"))));
  }

  public WebElement one(String css) {
    return driver.findElement(By.cssSelector(css));
  }

  public List<WebElement> all(String css) {
    return driver.findElements(By.cssSelector(css));
  }

  /** Clicks on one of several, also while the page replaces them. */
  public void click(String css, int which) {
    until(
        css + " to click on",
        () -> {
          all(css).get(which).click();
          return true;
        });
  }

  public Object run(String script, Object... values) {
    return driver.executeScript(script, values);
  }

  public Object wait(String script, Object... values) {
    driver.manage().timeouts().scriptTimeout(PATIENCE);
    return driver.executeAsyncScript(script, values);
  }

  /** Waits until it holds; fails with a word on what did not come. */
  public void until(String what, BooleanSupplier holds) {
    long end = System.nanoTime() + PATIENCE.toNanos();
    while (!holdsNow(holds)) {
      if (System.nanoTime() > end) {
        throw new AssertionError("waited in vain for " + what);
      }
    }
  }

  /** The page may replace what is being looked at. */
  private static boolean holdsNow(BooleanSupplier holds) {
    try {
      return holds.getAsBoolean();
    } catch (StaleElementReferenceException e) {
      return false;
    }
  }

  /** What the page complained about since the last call. */
  public List<String> complaints() {
    return driver.manage().logs().get("browser").getAll().stream().map(Object::toString).toList();
  }

  public void screenshot(Path png) throws IOException {
    Files.write(png, driver.getScreenshotAs(OutputType.BYTES));
  }

  @Override
  public void close() {
    driver.quit();
  }
}
