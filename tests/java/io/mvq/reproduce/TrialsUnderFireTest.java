package io.mvq.reproduce;

import io.mvq.files.Fire;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The reader of finished trials against damaged files: it reads what is whole. */
@Timeout(36_000)
class TrialsUnderFireTest {
  @TempDir Path folder;

  @Test
  void finishedTrials() throws IOException {
    Trial trial = new Trial("emoji", Contestant.VQ, 2, 4, 1);
    Protocol protocol = TinyReproduction.protocol(2);
    String lines = "{\"dataset\":\"emoji\",\"seed\":1,\"images\":24,\"recipe\":{\"format\":3}}\n";
    Fire.at(
        folder.resolve("trials.jsonl"),
        lines.repeat(2).getBytes(StandardCharsets.UTF_8),
        file -> new TrialsFile(file).find(trial, protocol, "pixels"));
  }
}
