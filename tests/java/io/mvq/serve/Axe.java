package io.mvq.serve;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** axe-core, fetched from npm into a folder of a test's own: it is no part of mvq. */
public record Axe(String source) {
  private static final String PACKAGE = "axe-core@4.10.2";

  /** Skips the test where it cannot be had. */
  public static Axe fetched(Path folder) throws IOException, InterruptedException {
    Process npm;
    try {
      npm =
          new ProcessBuilder(
                  "npm",
                  "install",
                  "--silent",
                  "--no-audit",
                  "--no-fund",
                  "--ignore-scripts",
                  "--prefix",
                  folder.toString(),
                  PACKAGE)
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .start();
    } catch (IOException e) {
      assumeTrue(false, "no axe-core: npm is not installed");
      throw e;
    }
    boolean ended = npm.waitFor(2, TimeUnit.MINUTES);
    npm.destroy();
    assumeTrue(ended && npm.exitValue() == 0, "no axe-core: npm could not fetch it");
    return new Axe(Files.readString(folder.resolve("node_modules/axe-core/axe.min.js")));
  }

  /** What is wrong with the page as it is shown now, a line a fault. */
  public List<?> faults(Browser browser) {
    browser.run(source);
    return (List<?>)
        browser.wait(
            "const done = arguments[arguments.length - 1];"
                + "axe.run(document).then(r => done(r.violations.map(v => v.impact + ' ' + v.id + ': '"
                + " + v.nodes.map(n => n.html).slice(0, 3).join(' '))))");
  }
}
