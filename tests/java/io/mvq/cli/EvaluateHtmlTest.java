package io.mvq.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** {@code mvq evaluate --html}. */
class EvaluateHtmlTest extends TrainedRun {
  @Test
  void thePageHoldsTheNumbersThePicturesAndTheCommands() throws IOException {
    Path page = home.resolve("a page.html");
    Call made = call("evaluate", run.toString(), "--feature-steps", "2", "--html", page.toString());
    assertThat(made.err()).isEmpty();
    assertThat(made.out()).contains("and, with pictures, in " + page);
    String html = Files.readString(page);
    String results = Files.readString(run.resolve("results.json"));
    String samples = results.replaceAll("(?s).*\"samples\" : ([0-9.]+),.*\"images\".*", "$1");
    assertThat(Double.parseDouble(samples)).isPositive();
    assertThat(html)
        .contains(
            "<code>mvq evaluate " + run + " --feature-steps 2 --html &#39;" + page + "&#39;</code>")
        .contains("<code>mvq train --system mvq".replace(" --system mvq", ""))
        .contains("--hypotheses 16")
        .contains("held-out images", "reconstructions, random mask", "samples of the prior")
        .contains("<svg", "commit ")
        .doesNotContain("https:", "http:");
    assertThat(html.split("<img src=\"data:image/png", -1)).hasSize(5);
  }
}
