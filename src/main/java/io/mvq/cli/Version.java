package io.mvq.cli;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import picocli.CommandLine.IVersionProvider;

/** The version, which stands in pom.xml alone: the build writes it beside this class. */
final class Version implements IVersionProvider {
  @Override
  public String[] getVersion() throws IOException {
    try (InputStream in = Version.class.getResourceAsStream("version.txt")) {
      return new String[] {"mvq " + new String(in.readAllBytes(), StandardCharsets.UTF_8).strip()};
    }
  }
}
