package io.mvq;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class VersionTest {
  @Test
  void theVersionIsTheOneInItsOnlyPlace() throws IOException {
    assertThat(Files.readString(Path.of("modules/parent/pom.xml")))
        .contains("<revision>" + Version.NUMBER + "</revision>");
  }
}
