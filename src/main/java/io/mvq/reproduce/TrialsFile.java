package io.mvq.reproduce;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;

/**
 * Finished trials, a line of JSON each, the newest last. Several processes may append to one file.
 *
 * @param file made when first written
 */
record TrialsFile(Path file) {
  private static final ObjectMapper JSON = new ObjectMapper();

  /** All lines that are whole: one that a crash cut short counts as not measured. */
  List<JsonNode> lines() throws IOException {
    List<JsonNode> lines = new ArrayList<>();
    if (Files.exists(file)) {
      // a crash may leave half a character
      String all = new String(Files.readAllBytes(file), StandardCharsets.UTF_8);
      for (String text : all.split("\n")) {
        try {
          JsonNode line = JSON.readTree(text);
          if (line.isObject()) {
            lines.add(line);
          }
        } catch (JsonProcessingException e) {
          continue;
        }
      }
    }
    return lines;
  }

  /** The newest result of a trial; null if there is none of this very recipe and measure. */
  TrialResult find(Trial trial, Protocol protocol, String featureNetwork) throws IOException {
    TrialResult found = null;
    for (JsonNode line : lines()) {
      try {
        TrialResult one = TrialResult.read(line, trial, protocol, featureNetwork);
        found = one == null ? found : one;
      } catch (IllegalArgumentException e) {
        throw new IOException(
            file + ": the recipe of " + line.path("system") + ": " + e.getMessage(), e);
      }
    }
    return found;
  }

  /** Appends a line and forces it to the disk. */
  void append(JsonNode line) throws IOException {
    Files.createDirectories(file.toAbsolutePath().getParent());
    try (FileChannel channel =
            FileChannel.open(
                file,
                StandardOpenOption.CREATE,
                StandardOpenOption.READ,
                StandardOpenOption.WRITE);
        FileLock lock = channel.lock()) {
      long end = channel.size();
      ByteBuffer last = ByteBuffer.allocate(1);
      boolean cut = end > 0 && channel.read(last, end - 1) == 1 && last.get(0) != '\n';
      ByteBuffer text = StandardCharsets.UTF_8.encode((cut ? "\n" : "") + line + "\n");
      while (text.hasRemaining()) {
        end += channel.write(text, end);
      }
      channel.force(true);
    }
  }
}
