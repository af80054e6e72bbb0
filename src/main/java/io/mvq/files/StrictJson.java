package io.mvq.files;

import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;

/** JSON in which a field that is there twice and text behind the end are errors. */
public final class StrictJson {
  private StrictJson() {}

  /** What reads and writes it, to be made different in other respects. */
  public static JsonMapper.Builder builder() {
    return JsonMapper.builder()
        .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
        .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);
  }

  /** What reads and writes it. */
  public static JsonMapper mapper() {
    return builder().build();
  }
}
