package io.mvq.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class VersionTest {
  @Test
  void theVersionIsThePoms() throws IOException {
    String version = new Version().getVersion()[0];
    assertThat(version).matches("mvq \\d+\\.\\d+\\.\\d+(-SNAPSHOT)?");
    assertThat(Files.readString(Path.of("pom.xml")))
        .contains("<version>" + version.substring(4) + "</version>");
  }
}
