package io.mvq.serve;

import java.io.IOException;
import java.io.InputStream;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The pages' files, read once from the resources. A path is looked up among their names and never
 * becomes one of a file.
 */
final class Pages {
  private static final Map<String, String> TYPES =
      Map.of(
          "html", "text/html; charset=utf-8",
          "css", "text/css; charset=utf-8",
          "js", "text/javascript; charset=utf-8",
          "svg", "image/svg+xml");
  private static final String[] NAMES = {
    "index.html",
    "style.css",
    "icon.svg",
    "main.js",
    "api.js",
    "codes.js",
    "elements.js",
    "explore.js",
    "mask.js",
    "blend.js",
    "sample.js",
    "codebook.js",
    "training.js",
    "curves.js"
  };

  private final Map<String, Answer> answers = new LinkedHashMap<>();

  Pages() throws IOException {
    for (String name : NAMES) {
      try (InputStream in = Pages.class.getResourceAsStream(name)) {
        if (in == null) {
          throw new IOException("the resource io/mvq/serve/" + name + " is missing");
        }
        String type = TYPES.get(name.substring(name.lastIndexOf('.') + 1));
        answers.put("/" + name, Answer.of(type, in.readAllBytes()));
      }
    }
    answers.put("/", answers.get("/index.html"));
  }

  /** The file of a path; null if there is none. */
  Answer at(String path) {
    return answers.get(path);
  }
}
